package ai.icon.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.sample.SampleBody.Instruction;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssessedParserTest {
  @Test
  void aReleasedRowIsTakenAsItIsWritten() {
    AssessedSample sample =
        accepted(
            "{\"dataset\":\"d\",\"inputs\":\"### Q:\\n1?\\n\\n### Response:\",\"response\":\" 1\","
                + "\"group\":\"math\"}");
    assertThat(sample.group()).isEqualTo("math");
    assertThat(sample.text())
        .isEqualTo(new AssessedText.Templated("### Q:\n1?\n\n### Response:", " 1"));
    assertThat(sample.id()).isEqualTo(sample.text().contentId());
    assertThat(sample.source()).isEqualTo("assessed.jsonl");
    assertThat(sample.line()).isEqualTo(3);
  }

  @Test
  void aSampleHasTheGroupAllWhereNoneIsNamed() {
    AssessedSample sample = accepted(Rows.good("a"));
    assertThat(sample.group()).isEqualTo("all");
    assertThat(sample.text()).isEqualTo(new AssessedText.Body(new Instruction("Say it", "", "a")));
    assertThat(sample.id()).isEqualTo(Rows.accepted(Rows.good("a")).id());
  }

  @Test
  void groupsMayBeNumbersOrAnotherColumn() {
    assertThat(accepted("{\"group\":3,\"prompt\":\"a\",\"completion\":\"b\"}").group())
        .isEqualTo("3");
    ColumnMapping mapping = new ColumnMapping(Map.of("group", "task", "id", "uid"));
    AssessedRow row =
        new AssessedParser(SampleParser.recognising(mapping))
            .parse(
                "x",
                1,
                "{\"uid\":\"u\",\"task\":\"t\",\"group\":\"no\",\"inputs\":\"a\",\"response\":\"b\"}");
    AssessedSample sample = ((AssessedRow.Accepted) row).sample();
    assertThat(sample.group()).isEqualTo("t");
    assertThat(sample.id()).isEqualTo("u");
  }

  @Test
  void badRowsAreRejectedAsInAPool() {
    assertThat(rejected("{\"inputs\":\"a\"}")).isEqualTo(RejectReason.MISSING_FIELD);
    assertThat(rejected("{\"inputs\":\" \",\"response\":\"b\"}"))
        .isEqualTo(RejectReason.EMPTY_INSTRUCTION);
    assertThat(rejected("{\"inputs\":\"a\",\"response\":\"\\n\"}"))
        .isEqualTo(RejectReason.EMPTY_RESPONSE);
    assertThat(rejected("{\"inputs\":1,\"response\":\"b\"}")).isEqualTo(RejectReason.WRONG_TYPE);
    assertThat(rejected("{\"group\":[],\"prompt\":\"a\",\"completion\":\"b\"}"))
        .isEqualTo(RejectReason.WRONG_TYPE);
    assertThat(rejected("{")).isEqualTo(RejectReason.TRUNCATED_JSON);
  }

  @Test
  void aFileIsReadLikeAPool() {
    String file = Rows.good("a") + "\n{\n{\"inputs\":\"a\",\"response\":\"b\"}";
    byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
    try (SampleReader<AssessedRow> reader =
        new SampleReader<>(new ByteArrayInputStream(bytes), "assessed.jsonl", parser())) {
      assertThat(reader.next()).isInstanceOf(AssessedRow.Accepted.class);
      assertThat(reader.next()).isInstanceOf(AssessedRow.Rejected.class);
      assertThat(reader.next()).isInstanceOf(AssessedRow.Accepted.class);
      assertThat(reader.hasNext()).isFalse();
    }
  }

  @Test
  void emptyPartsAreRefused() {
    assertThatThrownBy(() -> new AssessedText.Templated("", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid assessed example: neither prompt nor response may be empty");
  }

  private static AssessedParser parser() {
    return new AssessedParser(SampleParser.recognising(ColumnMapping.none()));
  }

  private static AssessedSample accepted(String json) {
    return ((AssessedRow.Accepted) parser().parse("assessed.jsonl", 3, json)).sample();
  }

  private static RejectReason rejected(String json) {
    return ((AssessedRow.Rejected) parser().parse("assessed.jsonl", 3, json)).reject().reason();
  }
}
