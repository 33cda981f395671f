package ai.icon.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectReasonTest {
  /** One bad row of every kind that a text can hold: the reason's code, a bar, the row. */
  static final List<String> BAD_ROWS =
      List.of(
          "invalid_json|{'instruction': 'a'}",
          "invalid_json|{\"instruction\":\"a\" \"output\":\"b\"}",
          "invalid_json|{\"prompt\":\"a\",\"completion\":\"bad \\q\"}",
          "invalid_json|{\"prompt\":\"a\",\"completion\":NaN}",
          "invalid_json|instruction,output",
          "truncated_json|{\"instruction\":\"a\",\"output\":\"b",
          "truncated_json|{\"instruction\":\"a\",\"output\":\"b\"",
          "trailing_content|{\"instruction\":\"a\",\"output\":\"b\"},",
          "trailing_content|{\"prompt\":\"a\",\"completion\":\"b\"}{\"prompt\":\"a\"}",
          "not_an_object|\"text\"",
          "not_an_object|null",
          "not_an_object|12",
          "duplicate_key|{\"instruction\":\"a\",\"output\":\"b\",\"output\":\"c\"}",
          "nested_too_deep|{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}",
          "lone_surrogate|{\"prompt\":\"a\",\"completion\":\"\\ud83d b\"}",
          "control_characters|{\"prompt\":\"a\",\"completion\":\"b\\u0000\"}",
          "unknown_shape|{\"question\":\"a\",\"answer\":\"b\"}",
          "unknown_shape|{}",
          "missing_field|{\"instruction\":\"a\"}",
          "missing_field|{\"instruction\":\"a\",\"output\":null}",
          "missing_field|{\"conversations\":[{\"from\":\"human\"}]}",
          "wrong_type|{\"instruction\":\"a\",\"output\":4}",
          "wrong_type|{\"instruction\":[\"a\"],\"output\":\"b\"}",
          "wrong_type|{\"instruction\":\"a\",\"input\":{},\"output\":\"b\"}",
          "wrong_type|{\"messages\":\"a\"}",
          "wrong_type|{\"messages\":[\"a\"]}",
          "empty_instruction|{\"instruction\":\" \",\"input\":\"x\",\"output\":\"b\"}",
          "empty_instruction|{\"messages\":[{\"role\":\"user\",\"content\":\"\"},"
              + "{\"role\":\"assistant\",\"content\":\"b\"}]}",
          "empty_response|{\"instruction\":\"a\",\"output\":\"\"}",
          "empty_response|{\"prompt\":\"a\",\"completion\":\"\\n\\u00a0\"}",
          "empty_response|{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
              + "{\"role\":\"assistant\",\"content\":\"\"}]}",
          "empty_conversation|{\"conversations\":[]}",
          "unknown_role|{\"messages\":[{\"role\":\"narrator\",\"content\":\"a\"}]}",
          "no_assistant_message|{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
          "no_prompt|{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"},"
              + "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"a\"}]}");

  @Test
  void everyBadTextHasItsOwnReason() {
    for (String bad : BAD_ROWS) {
      String json = bad.substring(bad.indexOf('|') + 1);
      Reject reject = Rows.rejected(json);
      assertThat(reject.reason().code() + "|" + json).as(reject.message()).isEqualTo(bad);
      assertThat(reject.message()).startsWith("Cannot use row: ");
      assertThat(reject.raw()).isEqualTo(json);
      assertThat(reject.line()).isEqualTo(7);
      assertThat(reject.source()).isEqualTo("pool.jsonl");
    }
  }

  @Test
  void everyReasonOccurs() {
    List<String> fromTexts = BAD_ROWS.stream().map(bad -> bad.split("\\|", 2)[0]).toList();
    // The others have tests of their own, here and in SampleReaderTest.
    List<String> others =
        List.of(
            "too_long",
            "invalid_utf8",
            "missing_id",
            "refused_by_template",
            "truncated_gzip",
            "corrupt_gzip");
    assertThat(Arrays.stream(RejectReason.values()).map(RejectReason::code))
        .allMatch(code -> fromTexts.contains(code) || others.contains(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"instruction\":\"a\"}|Cannot use row: no output among its keys [instruction]",
        "{\"a\":1}|Cannot use row: one of conversations, messages, instruction, prompt is needed,"
            + " its keys are [a]",
        "{\"prompt\":\"a\",\"completion\":4}|Cannot use row: completion must be a string, got a"
            + " number",
        "{\"messages\":[{\"role\":\"user\"}]}|Cannot use row: messages[0] has no value or content",
        "[1]|Cannot use row: an object is needed, got an array",
        "{\"a\":1,\"a\":2}|Cannot use row: Duplicate field 'a' at character 11"
      })
  void messagesSayWhatWithValues(String json, String message) {
    assertThat(Rows.rejected(json).message()).isEqualTo(message);
  }

  @Test
  void aMissingIdIsRejectedWhereAColumnIsNamed() {
    SampleParser parser = SampleParser.recognising(new ColumnMapping(Map.of("id", "uid")));
    for (String id : List.of("", "\"uid\":null,", "\"uid\":\"\",", "\"uid\":\" \",")) {
      String json = "{" + id + "\"prompt\":\"a\",\"completion\":\"b\"}";
      Reject reject = ((SampleRow.Rejected) parser.parse("pool", 1, json)).reject();
      assertThat(reject.reason()).isEqualTo(RejectReason.MISSING_ID);
      assertThat(reject.message()).startsWith("Cannot use row: no id in column uid, its keys are");
    }
  }

  @Test
  void aTextOverTheLimitIsTooLong() {
    String json = Rows.good("x".repeat(SampleParser.MAX_LENGTH));
    Reject reject = Rows.rejected(json);
    assertThat(reject.reason()).isEqualTo(RejectReason.TOO_LONG);
    assertThat(reject.message())
        .isEqualTo("Cannot use row: " + json.length() + " characters, limit 16777216");
  }

  @Test
  void rawIsCutWithoutPartingASurrogatePair() {
    String face = new String(Character.toChars(0x1f642));
    String raw = "x".repeat(Reject.MAX_RAW - 1) + face + "y";
    Reject reject = new Reject("pool", 1, RejectReason.INVALID_JSON, "why", raw);
    assertThat(reject.raw()).isEqualTo("x".repeat(Reject.MAX_RAW - 1));
    reject = new Reject("pool", 1, RejectReason.INVALID_JSON, "why", raw.substring(1));
    assertThat(reject.raw()).hasSize(Reject.MAX_RAW).endsWith(face);
    assertThat(reject.raw().getBytes(StandardCharsets.UTF_8)).hasSize(Reject.MAX_RAW + 2);
  }
}
