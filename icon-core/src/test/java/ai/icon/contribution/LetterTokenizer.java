package ai.icon.contribution;

import ai.icon.prompt.Tokenizer;
import java.util.OptionalInt;

/**
 * One token a character: printable ASCII from 0, then the line break, {@code <s>} and two marks.
 */
final class LetterTokenizer implements Tokenizer {
  static final int LINE_BREAK = 95;
  static final int BOS = 96;
  private static final String[] OTHERS = {"\n", "<s>", "<|im_start|>", "[INST]", "é", "", "the"};

  private final boolean addsBos;

  LetterTokenizer(boolean addsBos) {
    this.addsBos = addsBos;
  }

  @Override
  public int[] encode(String text) {
    return text.chars().map(c -> c == '\n' ? LINE_BREAK : c - ' ').toArray();
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(id < LINE_BREAK ? String.valueOf((char) (' ' + id)) : OTHERS[id - LINE_BREAK]);
    }
    return text.toString();
  }

  @Override
  public OptionalInt bos() {
    return addsBos ? OptionalInt.of(BOS) : OptionalInt.empty();
  }

  @Override
  public int size() {
    return LINE_BREAK + OTHERS.length;
  }
}
