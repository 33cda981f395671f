package ai.icon.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.sample.SampleBody.Conversation;
import ai.icon.sample.SampleBody.Instruction;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleParserTest {
  @Test
  void alpacaKeepsItsThreeFieldsAsTheyCame() {
    Sample sample =
        Rows.accepted(
            """
            {"output": " 4\\n", "instruction": " Add ", "input": "2, 2", "extra": [1.10, "\\u00e9 x"]}
            """);
    assertThat(sample.body()).isEqualTo(new Instruction(" Add ", "2, 2", " 4\n"));
    assertThat(sample.source()).isEqualTo("pool.jsonl");
    assertThat(sample.line()).isEqualTo(7);
    assertThat(sample.raw())
        .isEqualTo(
            "{\"output\":\" 4\\n\",\"instruction\":\" Add \",\"input\":\"2, 2\","
                + "\"extra\":[1.10,\"\\u00e9 x\"]}");
  }

  @Test
  void rawKeepsQuotesAndBackslashesInsideTexts() {
    String json = "{\"prompt\":\"a \\\" {  } \\\\\",\"completion\":\"b  c\"}";
    assertThat(Rows.accepted(json.replace("\",\"", "\" ,\t\"")).raw()).isEqualTo(json);
  }

  @Test
  void alpacaInputMayBeAbsentOrNull() {
    Instruction expected = new Instruction("Add", "", "4");
    assertThat(Rows.accepted("{\"instruction\":\"Add\",\"output\":\"4\"}").body())
        .isEqualTo(expected);
    assertThat(Rows.accepted("{\"instruction\":\"Add\",\"input\":null,\"output\":\"4\"}").body())
        .isEqualTo(expected);
  }

  @Test
  void dollyContextIsInputAndResponseIsOutput() {
    assertThat(
            Rows.accepted("{\"instruction\":\"Add\",\"context\":\"2, 2\",\"response\":\"4\"}")
                .body())
        .isEqualTo(new Instruction("Add", "2, 2", "4"));
  }

  @Test
  void outputIsPreferredToResponse() {
    assertThat(
            Rows.accepted("{\"response\":\"no\",\"instruction\":\"Add\",\"output\":\"4\"}")
                .body()
                .response())
        .isEqualTo("4");
  }

  @Test
  void promptAndCompletionAreAnInstructionWithoutInput() {
    Instruction expected = new Instruction("Add", "", "4");
    assertThat(Rows.accepted("{\"prompt\":\"Add\",\"completion\":\"4\"}").body())
        .isEqualTo(expected);
    assertThat(Rows.accepted("{\"prompt\":\"Add\",\"response\":\"4\"}").body()).isEqualTo(expected);
  }

  @Test
  void shareGptEndsAtTheLastAssistantTurn() {
    Sample sample =
        Rows.accepted(
            """
            {"conversations":[{"from":"system","value":"Brief."},{"from":"human","value":"Hi"},
            {"from":"gpt","value":"Hello"},{"from":"human","value":"1?"},
            {"from":"chatgpt","value":"One"},{"from":"human","value":"Thanks"}]}
            """);
    assertThat(((Conversation) sample.body()).messages())
        .containsExactly(
            new Message("system", "Brief."),
            new Message("user", "Hi"),
            new Message("assistant", "Hello"),
            new Message("user", "1?"),
            new Message("assistant", "One"));
  }

  @Test
  void messagesAreRecognisedBesideAPrompt() {
    Sample sample =
        Rows.accepted(
            """
            {"prompt":"Hi","messages":[{"content":"Hi","role":"user"},
            {"role":"Assistant","content":"Hello"}]}
            """);
    assertThat(sample.body())
        .isEqualTo(Rows.accepted("{\"conversations\":" + twoTurns() + "}").body());
  }

  @Test
  void aNullKeyDoesNotDecideTheShape() {
    assertThat(Rows.accepted("{\"messages\":null,\"instruction\":\"Add\",\"output\":\"4\"}").body())
        .isEqualTo(new Instruction("Add", "", "4"));
  }

  @Test
  void aGivenShapeOverridesTheKeys() {
    String both = "{\"messages\":" + twoTurns() + ",\"prompt\":\"Add\",\"completion\":\"4\"}";
    SampleRow row =
        SampleParser.of("prompt-completion", ColumnMapping.none()).parse("pool", 1, both);
    assertThat(((SampleRow.Accepted) row).sample().body().response()).isEqualTo("4");
    row = SampleParser.of("auto", ColumnMapping.none()).parse("pool", 1, both);
    assertThat(((SampleRow.Accepted) row).sample().body().response()).isEqualTo("Hello");
  }

  @Test
  void anUnknownShapeIsTheUsersError() {
    assertThatThrownBy(() -> SampleParser.of("csv", ColumnMapping.none()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Invalid format: must be one of auto, sharegpt, messages, alpaca, prompt-completion,"
                + " got csv")
        .hasMessageContaining("Leave it at auto");
  }

  @Test
  void mappedColumnsAreReadAndOthersAreNot() {
    ColumnMapping mapping = new ColumnMapping(Map.of("instruction", "q", "output", "a"));
    SampleParser parser = SampleParser.recognising(mapping);
    String json = "{\"q\":\"Add\",\"a\":\"4\",\"output\":\"5\",\"response\":\"6\"}";
    assertThat(((SampleRow.Accepted) parser.parse("pool", 1, json)).sample().body())
        .isEqualTo(new Instruction("Add", "", "4"));
    Reject reject =
        ((SampleRow.Rejected) parser.parse("pool", 1, "{\"q\":\"Add\",\"output\":\"5\"}")).reject();
    assertThat(reject.reason()).isEqualTo(RejectReason.MISSING_FIELD);
    assertThat(reject.message()).isEqualTo("Cannot use row: no a among its keys [q, output]");
  }

  @Test
  void anUnknownCanonicalNameIsTheUsersError() {
    assertThatThrownBy(() -> new ColumnMapping(Map.of("question", "q")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("completion, conversations, group, id, input")
        .hasMessageContaining("got question")
        .hasMessageContaining("Write canonical=actual");
    assertThatThrownBy(() -> new ColumnMapping(Map.of("input", "")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the column for input must not be empty");
  }

  @Test
  void idsAreContentHashesUnlessAColumnIsNamed() {
    String json = "{\"id\":17,\"uid\":\"x\",\"prompt\":\"Add\",\"completion\":\"4\"}";
    assertThat(Rows.accepted(json).id()).isEqualTo(SampleId.of(new Instruction("Add", "", "4")));
    assertThat(withId("id", json)).isEqualTo("17");
    assertThat(withId("uid", json)).isEqualTo("x");
  }

  private static String withId(String column, String json) {
    ColumnMapping mapping = new ColumnMapping(Map.of("id", column));
    SampleRow row = SampleParser.recognising(mapping).parse("pool", 1, json);
    return ((SampleRow.Accepted) row).sample().id();
  }

  private static String twoTurns() {
    return "[{\"from\":\"human\",\"value\":\"Hi\"},{\"from\":\"gpt\",\"value\":\"Hello\"}]";
  }
}
