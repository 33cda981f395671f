package ai.icon.loss;

import java.util.List;

/** A prefix whose keys and values are held by the model. */
public interface EncodedPrefix extends AutoCloseable {
  /** Tokens in the prefix. */
  int length();

  /**
   * Scores a batch of continuations, each as if it stood alone behind the prefix.
   *
   * @return one loss a continuation, in the batch's order
   * @throws IllegalArgumentException if prefix and longest continuation exceed the model's context
   */
  List<ResponseLoss> losses(LengthBatch batch);

  @Override
  void close();
}
