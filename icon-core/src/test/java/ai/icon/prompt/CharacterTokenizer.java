package ai.icon.prompt;

import java.util.OptionalInt;

/** One id a UTF-16 unit of ASCII; BOS, where there is one, is 128. */
public final class CharacterTokenizer implements Tokenizer {
  /** The id of BOS. */
  public static final int BOS = 128;

  private final boolean addsBos;

  /**
   * @param addsBos whether texts start with BOS
   */
  public CharacterTokenizer(boolean addsBos) {
    this.addsBos = addsBos;
  }

  @Override
  public int[] encode(String text) {
    return text.chars().toArray();
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(id == BOS ? "<s>" : Character.toString(id));
    }
    return text.toString();
  }

  @Override
  public OptionalInt bos() {
    return addsBos ? OptionalInt.of(BOS) : OptionalInt.empty();
  }

  @Override
  public int size() {
    return BOS + 1;
  }
}
