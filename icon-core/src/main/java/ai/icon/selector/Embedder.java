package ai.icon.selector;

import java.util.List;

/** Turns token sequences into vectors by one forward pass. */
public interface Embedder {
  /** Components of a vector: the mean and the last hidden state, one behind the other. */
  int dimension();

  /**
   * Embeds a batch in one call.
   *
   * @param batch token ids, BOS included where the tokenizer adds one; none empty
   * @return one vector a sequence, in order: float32 [dimension]
   */
  List<float[]> embed(List<int[]> batch);
}
