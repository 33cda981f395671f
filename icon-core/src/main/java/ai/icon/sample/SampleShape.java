package ai.icon.sample;

import static ai.icon.sample.RejectReason.EMPTY_INSTRUCTION;
import static ai.icon.sample.RejectReason.EMPTY_RESPONSE;
import static ai.icon.sample.RejectReason.UNKNOWN_SHAPE;

import ai.icon.error.UserError;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The shapes in which instruction data come. A row's shape is recognised by its keys, in this
 * order: {@code conversations}, {@code messages}, {@code instruction}, {@code prompt}; a key whose
 * value is null does not count.
 */
public enum SampleShape {
  /** {conversations: [{from, value}]}; the response is the last turn of gpt. */
  SHAREGPT("conversations") {
    @Override
    SampleBody body(RowFields row) throws UnusableRow {
      return Turns.conversation(row, "conversations");
    }
  },
  /** {messages: [{role, content}]}; the response is the last turn of the assistant. */
  MESSAGES("messages") {
    @Override
    SampleBody body(RowFields row) throws UnusableRow {
      return Turns.conversation(row, "messages");
    }
  },
  /**
   * {instruction, input, output}; input may be absent or null. {@code context} stands for input and
   * {@code response} for output where those are absent (Dolly).
   */
  ALPACA("instruction") {
    @Override
    SampleBody body(RowFields row) throws UnusableRow {
      return instruction(row, "instruction", "input", "output");
    }
  },
  /** {prompt, completion}, or {@code response} where completion is absent. */
  PROMPT_COMPLETION("prompt") {
    @Override
    SampleBody body(RowFields row) throws UnusableRow {
      return instruction(row, "prompt", "", "completion");
    }
  };

  private final String key;

  SampleShape(String key) {
    this.key = key;
  }

  /** The shape's name in settings: {@code alpaca}, {@code prompt-completion} and so on. */
  public String setting() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a setting.
   *
   * @return the shape, or nothing for {@code auto}: recognise it in every row
   * @throws UserError if there is no such shape
   */
  public static Optional<SampleShape> parse(String setting) {
    if (setting.equals("auto")) {
      return Optional.empty();
    }
    for (SampleShape shape : values()) {
      if (shape.setting().equals(setting)) {
        return Optional.of(shape);
      }
    }
    String settings =
        Arrays.stream(values()).map(SampleShape::setting).collect(Collectors.joining(", "));
    throw new UserError(
        "Invalid format: must be one of auto, " + settings + ", got " + setting,
        "Leave it at auto where rows have their usual keys.");
  }

  /** The body of a row of this shape. */
  abstract SampleBody body(RowFields row) throws UnusableRow;

  static SampleShape of(RowFields row) throws UnusableRow {
    for (SampleShape shape : values()) {
      if (row.has(shape.key)) {
        return shape;
      }
    }
    throw new UnusableRow(
        UNKNOWN_SHAPE,
        "Cannot use row: "
            + Arrays.stream(values())
                .map(shape -> row.column(shape.key))
                .collect(Collectors.joining(", ", "one of ", " is needed"))
            + ", its keys are "
            + row.keys());
  }

  private static SampleBody instruction(RowFields row, String ask, String input, String answer)
      throws UnusableRow {
    String instruction = row.text(ask);
    String about = input.isEmpty() ? "" : row.textOrEmpty(input);
    String output = row.text(answer);
    if (Texts.blank(instruction)) {
      throw new UnusableRow(EMPTY_INSTRUCTION, "Cannot use row: " + row.column(ask) + " is empty");
    }
    if (Texts.blank(output)) {
      throw new UnusableRow(EMPTY_RESPONSE, "Cannot use row: " + row.column(answer) + " is empty");
    }
    return new SampleBody.Instruction(instruction, about, output);
  }
}
