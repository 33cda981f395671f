package ai.icon.sample;

import static ai.icon.sample.RejectReason.EMPTY_INSTRUCTION;
import static ai.icon.sample.RejectReason.EMPTY_RESPONSE;

/**
 * Reads the rows of an assessment file: samples with an optional {@code group} (text or number), or
 * rows {dataset, inputs, response, group} of the authors' released files, which are known by their
 * {@code inputs} and whose prompts are already templated.
 */
public final class AssessedParser implements RowParser<AssessedRow> {
  private static final String TEMPLATED_PROMPT = "inputs";
  private static final String TEMPLATED_RESPONSE = "response";

  private final SampleParser samples;

  /**
   * @param samples reads the rows that are not templated; its mapping holds for id and group too
   */
  public AssessedParser(SampleParser samples) {
    this.samples = samples;
  }

  @Override
  public AssessedRow parse(String source, long line, String json) {
    try {
      RowFields row = samples.fields(json);
      String group = row.label("group").orElse(AssessedSample.NO_GROUP);
      AssessedText text =
          row.has(TEMPLATED_PROMPT) ? templated(row) : new AssessedText.Body(samples.body(row));
      String id = SampleParser.id(row, text::contentId);
      return new AssessedRow.Accepted(new AssessedSample(id, source, line, group, text));
    } catch (UnusableRow e) {
      return rejected(e.at(source, line, json));
    }
  }

  @Override
  public AssessedRow rejected(Reject reject) {
    return new AssessedRow.Rejected(reject);
  }

  private static AssessedText.Templated templated(RowFields row) throws UnusableRow {
    String prompt = row.text(TEMPLATED_PROMPT);
    String response = row.text(TEMPLATED_RESPONSE);
    if (Texts.blank(prompt)) {
      throw new UnusableRow(EMPTY_INSTRUCTION, "Cannot use row: inputs is empty");
    }
    if (Texts.blank(response)) {
      throw new UnusableRow(EMPTY_RESPONSE, "Cannot use row: response is empty");
    }
    return new AssessedText.Templated(prompt, response);
  }
}
