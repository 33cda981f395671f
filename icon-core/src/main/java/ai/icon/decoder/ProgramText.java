package ai.icon.decoder;

import java.util.Locale;

/** TorchScript that is put together line by line; two spaces a level. */
final class ProgramText {
  private final StringBuilder text = new StringBuilder();
  private int level;

  /** One line at the present level. */
  ProgramText line(String line) {
    text.append("  ".repeat(level)).append(line).append('\n');
    return this;
  }

  /** One line, if a condition holds. */
  ProgramText lineIf(boolean condition, String line) {
    return condition ? line(line) : this;
  }

  /** A line that opens a body: def, if, else, for. */
  ProgramText open(String line) {
    line(line);
    level++;
    return this;
  }

  /** The end of a body. */
  ProgramText close() {
    level--;
    return this;
  }

  /** Lines that were written elsewhere, moved to the present level. */
  ProgramText lines(String block) {
    block.lines().forEach(this::line);
    return this;
  }

  /** A number as the program writes it, without loss. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.17e", value);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
