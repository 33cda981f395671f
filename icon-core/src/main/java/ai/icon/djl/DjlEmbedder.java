package ai.icon.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.icon.selector.Embedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Mean and last hidden state of the decoder itself, one native call a batch. */
public final class DjlEmbedder implements Embedder {
  private final DjlDecoder decoder;

  /**
   * @param decoder a loaded decoder; must stay open as long as this embedder is used
   */
  public DjlEmbedder(DjlDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public int dimension() {
    return 2 * decoder.spec().hidden();
  }

  @Override
  public List<float[]> embed(List<int[]> batch) {
    int threshold = decoder.spec().rotaryThreshold();
    List<int[]> within = batch.stream().filter(ids -> ids.length <= threshold).toList();
    if (within.isEmpty() || within.size() == batch.size()) {
      return embed(batch, within.isEmpty());
    }
    // A sequence's own length decides how it is rotated, not its neighbours'.
    List<int[]> beyond = batch.stream().filter(ids -> ids.length > threshold).toList();
    Iterator<float[]> withinVectors = embed(within, false).iterator();
    Iterator<float[]> beyondVectors = embed(beyond, true).iterator();
    List<float[]> vectors = new ArrayList<>();
    for (int[] ids : batch) {
      vectors.add(ids.length > threshold ? beyondVectors.next() : withinVectors.next());
    }
    return vectors;
  }

  private List<float[]> embed(List<int[]> batch, boolean isBeyond) {
    int width = batch.stream().mapToInt(ids -> ids.length).max().orElseThrow();
    long[] ids = new long[batch.size() * width]; // [B, S], padded with token 0
    long[] lengths = new long[batch.size()]; // [B]
    for (int row = 0; row < batch.size(); row++) {
      int[] tokens = batch.get(row);
      decoder.check(tokens);
      if (tokens.length == 0) {
        throw new IllegalArgumentException("Invalid sequence: must hold at least one token");
      }
      lengths[row] = tokens.length;
      for (int at = 0; at < tokens.length; at++) {
        ids[row * width + at] = tokens[at];
      }
    }
    return split(run(ids, lengths, width, isBeyond), batch.size());
  }

  private float[] run(long[] ids, long[] lengths, int width, boolean isBeyond) {
    TorchModule module = decoder.module();
    try (PtNDManager scope = module.scope();
        IValue tokens = IValue.from(TorchModule.longs(scope, ids, lengths.length, width));
        IValue real = IValue.from(TorchModule.longs(scope, lengths, lengths.length))) {
      IValue weights = decoder.weights(isBeyond);
      PtNDArray states = module.tensor(scope, "embed", weights, tokens, real);
      return states.toFloatArray();
    }
  }

  private List<float[]> split(float[] states, int rows) {
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      vectors.add(Arrays.copyOfRange(states, row * dimension(), (row + 1) * dimension()));
    }
    return vectors;
  }
}
