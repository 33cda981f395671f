package ai.icon.loss;

/**
 * A causal language model that encodes a prefix once and scores many continuations on it.
 * Implementations may be used by several threads, one call at a time each.
 */
public interface LossModel extends AutoCloseable {
  /** Most tokens that prefix and continuation may have together. */
  int contextLength();

  /**
   * Encodes a prefix.
   *
   * @param ids token ids, BOS included where the tokenizer adds one; may be empty
   * @return the prefix's keys and values; close it when its continuations are done
   * @throws IllegalArgumentException if an id is outside the vocabulary or the prefix fills the
   *     context
   */
  EncodedPrefix encode(int[] ids);

  @Override
  void close();
}
