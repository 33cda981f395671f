package ai.icon.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LossModel;
import ai.icon.loss.ResponseLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Losses by libtorch: a prefix is one native call, a batch of continuations another. Rows are
 * padded on the right, where a causal mask lets nothing real see them; logits are taken at the
 * positions that predict response tokens and nowhere else. The decoder is shared and not closed
 * here.
 */
public final class DjlLossModel implements LossModel {
  private final DjlDecoder decoder;
  private final TorchModule module;
  private final int rotaryThreshold;

  /**
   * @param decoder a loaded decoder; must stay open as long as this model is used
   */
  public DjlLossModel(DjlDecoder decoder) {
    this.decoder = decoder;
    this.module = decoder.module();
    this.rotaryThreshold = decoder.spec().rotaryThreshold();
  }

  @Override
  public int contextLength() {
    return decoder.spec().contextLength();
  }

  @Override
  public EncodedPrefix encode(int[] ids) {
    decoder.check(ids);
    if (ids.length >= contextLength()) {
      throw new IllegalArgumentException(
          "Invalid prefix: must be shorter than the context of "
              + contextLength()
              + " tokens, got "
              + ids.length);
    }
    return new Prefix(ids);
  }

  private IValue past(int[] ids, boolean isBeyond) {
    if (ids.length == 0) {
      return module.value("nothing");
    }
    try (PtNDManager scope = module.scope()) {
      long[] row = Arrays.stream(ids).asLongStream().toArray();
      try (IValue tokens = IValue.from(TorchModule.longs(scope, row, 1, row.length))) {
        return module.value("encode", decoder.weights(isBeyond), tokens);
      }
    }
  }

  /** Nothing to do: the decoder belongs to whoever loaded it. */
  @Override
  public void close() {}

  /**
   * What the tokens left behind. Where the length of a whole sequence decides how it is rotated,
   * its prefix is rotated with it: then it is encoded once for either kind, the second when it is
   * met.
   */
  private final class Prefix implements EncodedPrefix {
    private final int[] ids;
    private final int length;
    private final int longestWithin;
    private final Map<Boolean, IValue> pasts = new HashMap<>();

    Prefix(int[] ids) {
      this.ids = ids.clone();
      this.length = ids.length;
      this.longestWithin = rotaryThreshold - length;
      past(longestWithin < 1);
    }

    private synchronized IValue past(boolean isBeyond) {
      return pasts.computeIfAbsent(isBeyond, beyond -> DjlLossModel.this.past(ids, beyond));
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public List<ResponseLoss> losses(LengthBatch batch) {
      int width = batch.width();
      if (length + width > contextLength()) {
        throw new IllegalArgumentException(
            "Invalid continuation: prefix and continuation must fit the context of "
                + contextLength()
                + " tokens, got "
                + length
                + " + "
                + width);
      }
      List<Continuation> rows = batch.continuations();
      boolean hasWithin = rows.stream().anyMatch(row -> row.length() <= longestWithin);
      boolean hasBeyond = rows.stream().anyMatch(row -> row.length() > longestWithin);
      if (!hasWithin || !hasBeyond) {
        return losses(rows, width, hasBeyond);
      }
      IdentityHashMap<Continuation, ResponseLoss> losses = new IdentityHashMap<>();
      for (boolean isBeyond : new boolean[] {false, true}) {
        List<Continuation> some =
            rows.stream().filter(row -> row.length() > longestWithin == isBeyond).toList();
        int widest = some.stream().mapToInt(Continuation::length).max().orElseThrow();
        List<ResponseLoss> found = losses(some, widest, isBeyond);
        for (int i = 0; i < found.size(); i++) {
          losses.put(some.get(i), found.get(i));
        }
      }
      return rows.stream().map(losses::get).toList();
    }

    private List<ResponseLoss> losses(List<Continuation> rows, int width, boolean isBeyond) {
      long[] ids = new long[rows.size() * width]; // [B, S], padded with token 0
      int responses = rows.stream().mapToInt(Continuation::responseTokens).sum();
      long[] positions = new long[responses]; // [N], into B·S
      long[] targets = new long[responses]; // [N]
      int n = 0;
      for (int row = 0; row < rows.size(); row++) {
        int[] tokens = rows.get(row).ids();
        decoder.check(tokens);
        for (int at = 0; at < tokens.length; at++) {
          ids[row * width + at] = tokens[at];
          if (at >= rows.get(row).responseStart()) {
            positions[n] = (long) row * width + at - 1; // the token before predicts this one
            targets[n++] = tokens[at];
          }
        }
      }
      return split(rows, score(isBeyond, ids, rows.size(), width, positions, targets));
    }

    private float[] score(
        boolean isBeyond, long[] ids, int rows, int width, long[] positions, long[] targets) {
      try (PtNDManager scope = module.scope();
          IValue tokens = IValue.from(TorchModule.longs(scope, ids, rows, width));
          IValue at = IValue.from(TorchModule.longs(scope, positions, positions.length));
          IValue wanted = IValue.from(TorchModule.longs(scope, targets, targets.length))) {
        IValue weights = decoder.weights(isBeyond);
        PtNDArray nll = module.tensor(scope, "score", weights, past(isBeyond), tokens, at, wanted);
        return nll.toFloatArray();
      }
    }

    private List<ResponseLoss> split(List<Continuation> rows, float[] nll) {
      List<ResponseLoss> losses = new ArrayList<>();
      int from = 0;
      for (Continuation row : rows) {
        int to = from + row.responseTokens();
        losses.add(new ResponseLoss(Arrays.copyOfRange(nll, from, to)));
        from = to;
      }
      return losses;
    }

    @Override
    public void close() {
      pasts.values().forEach(IValue::close);
    }
  }
}
