package ai.icon.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.icon.decoder.DecoderSpec;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LengthBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Times forward passes of a loaded decoder beside the machine's own ceiling, a large matrix product
 * in the same type and on the same threads, so that a figure of one machine can be read on another.
 */
public final class ForwardBenchmark {
  private static final int PRODUCT = 2_048;
  private static final int PRODUCTS = 4;

  private final DjlDecoder decoder;
  private final double secondsEach;

  /**
   * @param decoder what is timed
   * @param secondsEach how long each figure is measured, seconds
   */
  public ForwardBenchmark(DjlDecoder decoder, double secondsEach) {
    this.decoder = decoder;
    this.secondsEach = secondsEach;
  }

  /**
   * One figure.
   *
   * @param rows continuations in the batch
   * @param tokens tokens of each; the last third is response
   * @param prefix tokens in front of all of them, encoded once
   * @param tokensPerSecond continuation tokens
   * @param operationsPerSecond counted multiplications and additions: blocks, attention over what
   *     each token sees, and the output projection at response positions
   */
  public record Figure(
      int rows, int tokens, int prefix, double tokensPerSecond, double operationsPerSecond) {}

  /** The ceiling: multiplications and additions per second of a 2048³ product. */
  public double ceiling() {
    TorchModule module = decoder.module();
    try (PtNDManager scope = module.scope();
        IValue size = IValue.from((long) PRODUCT);
        IValue type = IValue.from((long) decoder.precision().torchType());
        IValue times = IValue.from((long) PRODUCTS)) {
      double perSecond =
          perSecond(
              () -> {
                try (PtNDArray product =
                    module.tensor(scope, "product", decoder.weights(), size, type, times)) {
                  product.getShape();
                }
              });
      return perSecond * PRODUCTS * 2.0 * PRODUCT * PRODUCT * PRODUCT;
    }
  }

  /** Times one shape. */
  public Figure forward(int rows, int tokens, int prefix) {
    Random random = new Random(1);
    int vocabulary = decoder.spec().vocabulary();
    List<Continuation> continuations = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      continuations.add(
          new Continuation(random.ints(tokens, 0, vocabulary).toArray(), tokens - tokens / 3));
    }
    LengthBatch batch = LengthBatches.plan(continuations, rows * tokens).get(0);
    int[] prefixIds = random.ints(prefix, 0, vocabulary).toArray();
    try (EncodedPrefix encoded = new DjlLossModel(decoder).encode(prefixIds)) {
      double perSecond = perSecond(() -> encoded.losses(batch));
      return new Figure(
          rows,
          tokens,
          prefix,
          perSecond * rows * tokens,
          perSecond * rows * operations(tokens, prefix));
    }
  }

  /** Multiplications and additions of one row. */
  private double operations(int tokens, int prefix) {
    DecoderSpec spec = decoder.spec();
    int responses = tokens / 3;
    double output = 2.0 * responses * spec.hidden() * spec.vocabulary();
    return tokens * spec.blockOperations() + spec.attentionOperations(prefix, tokens) + output;
  }

  private double perSecond(Runnable work) {
    work.run(); // the first call allocates
    long begun = System.nanoTime();
    long runs = 0;
    double seconds;
    do {
      work.run();
      runs++;
      seconds = (System.nanoTime() - begun) / 1e9;
    } while (seconds < secondsEach);
    return runs / seconds;
  }
}
