package ai.icon.contribution;

import java.io.Serializable;

/**
 * Meaningless tokens R_L that stand where a demonstration would (method.md, Control).
 *
 * @param bucket L, their number
 * @param draw which of the bucket's draws, from 0
 * @param ids the token ids, without BOS and separator
 */
public record ControlDraw(int bucket, int draw, int[] ids) implements Serializable {
  /** Copies the ids and checks that they are as many as the bucket says. */
  public ControlDraw {
    ids = ids.clone();
    if (draw < 0 || bucket < 1 || ids.length != bucket) {
      throw new IllegalArgumentException(
          "Invalid control: draw "
              + draw
              + " of bucket "
              + bucket
              + " must have as many ids, got "
              + ids.length);
    }
  }

  @Override
  public int[] ids() {
    return ids.clone();
  }
}
