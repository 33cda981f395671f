package ai.icon.prompt;

import java.util.OptionalInt;

/** Turns text into token ids. Implementations are safe for use by several threads. */
public interface Tokenizer {
  /**
   * The ids of a text by itself, without special tokens added round it; markers such as {@code
   * <|im_start|>} that stand in the text become the special tokens they name.
   */
  int[] encode(String text);

  /** The text of some ids, special tokens left in. */
  String decode(int[] ids);

  /** The id that the checkpoint's tokenizer puts in front of every text, if it does. */
  OptionalInt bos();

  /** Number of ids, added tokens included: every id is in {@code [0, size)}. */
  int size();
}
