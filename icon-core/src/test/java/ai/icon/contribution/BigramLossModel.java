package ai.icon.contribution;

import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LossModel;
import ai.icon.loss.ResponseLoss;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model whose losses are done by hand. After token p, token q costs
 *
 * <pre>1.5 + ((2p + 3q) mod 5) / 4 − recall · (p q stood before, at most twice) + distance · place
 * </pre>
 *
 * nats, place being the number of tokens before q. Recall is what a demonstration can help with,
 * distance what any text in front does. All numbers are binary fractions, hence exact as floats.
 * The token {@link #NOT_A_NUMBER} costs NaN.
 */
final class BigramLossModel implements LossModel {
  /** '%' of the letter tokenizer. */
  static final int NOT_A_NUMBER = 5;

  private final int contextLength;
  private final double recall;
  private final double distance;
  private int openPrefixes;

  BigramLossModel(int contextLength, double recall, double distance) {
    this.contextLength = contextLength;
    this.recall = recall;
    this.distance = distance;
  }

  /** The model of the hand-computed tests: recall 1/4, distance 1/64. */
  static BigramLossModel remembering() {
    return new BigramLossModel(4096, 0.25, 1.0 / 64);
  }

  /** Sees the question and the answer so far, and nothing in front of them. */
  static BigramLossModel textBlind() {
    return new BigramLossModel(4096, 0, 0);
  }

  int openPrefixes() {
    return openPrefixes;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public EncodedPrefix encode(int[] ids) {
    openPrefixes++;
    int[] prefix = ids.clone();
    return new EncodedPrefix() {
      @Override
      public int length() {
        return prefix.length;
      }

      @Override
      public List<ResponseLoss> losses(LengthBatch batch) {
        return batch.continuations().stream().map(next -> loss(prefix, next)).toList();
      }

      @Override
      public void close() {
        openPrefixes--;
      }
    };
  }

  @Override
  public void close() {}

  private ResponseLoss loss(int[] prefix, Continuation continuation) {
    int[] ids = IntStream.concat(IntStream.of(prefix), IntStream.of(continuation.ids())).toArray();
    float[] nll = new float[continuation.responseTokens()];
    for (int k = 0; k < nll.length; k++) {
      nll[k] = (float) cost(ids, prefix.length + continuation.responseStart() + k);
    }
    return new ResponseLoss(nll);
  }

  private double cost(int[] ids, int place) {
    int before = ids[place - 1];
    int token = ids[place];
    if (token == NOT_A_NUMBER) {
      return Double.NaN;
    }
    long stoodBefore =
        IntStream.range(1, place).filter(i -> ids[i - 1] == before && ids[i] == token).count();
    return 1.5
        + (2 * before + 3 * token) % 5 / 4.0
        - recall * Math.min(2, stoodBefore)
        + distance * place;
  }
}
