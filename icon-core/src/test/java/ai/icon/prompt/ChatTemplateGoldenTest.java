package ai.icon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.sample.Message;
import ai.icon.sample.SampleBody.Conversation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples through templates in the styles of published checkpoints. */
class ChatTemplateGoldenTest {
  private static final SpecialTokens TOKENS =
      new SpecialTokens(Map.of("bos_token", "<s>", "eos_token", "</s>", "pad_token", "</s>"), true);

  /** Whole conversations that Transformers renders: their parts make the same text. */
  @ParameterizedTest
  @CsvSource({"chat_templates.json,39", "chat_templates_more.json,140"})
  void promptResponseAndEndingAreWhatTransformersRenders(String file, int atLeast)
      throws IOException {
    JsonNode root;
    try (InputStream stream = getClass().getResourceAsStream("/golden/chat/" + file)) {
      root = new ObjectMapper().readTree(stream);
    }
    int checked = 0;
    for (JsonNode node : root.path("cases")) {
      List<Message> messages = messages(node.path("messages"));
      if (!isSample(node, messages)) {
        continue;
      }
      String text = root.path("templates").path(node.path("template").asText()).asText();
      String rendered = node.path("rendered").asText();
      String whole = rendered.startsWith("<s>") ? rendered.substring(3) : rendered;
      String name = node.path("template").asText() + ", " + node.path("conversation").asText();
      RenderedSample sample = ChatTemplate.of(text, TOKENS).render(new Conversation(messages));
      assertThat(sample.demonstration()).as(name).isEqualTo(whole);
      String response = messages.get(messages.size() - 1).content();
      assertThat(dense(response)).as(name).contains(dense(sample.response()));
      assertThat(sample.response()).as(name).isNotBlank();
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(atLeast);
  }

  private static String dense(String text) {
    return text.replaceAll("(?U)[\\s\\x1c-\\x1f\\u0085\\u00a0]", "");
  }

  private static boolean isSample(JsonNode node, List<Message> messages) {
    boolean isWhole = !node.path("add_generation_prompt").asBoolean() && node.has("rendered");
    boolean isPlain = node.path("variables").isEmpty() && !node.has("tools");
    Message last = messages.isEmpty() ? new Message("none", "") : messages.get(messages.size() - 1);
    return isWhole
        && isPlain
        && !node.path("template").asText().equals("continue")
        && last.role().equals("assistant")
        && !last.content().isEmpty();
  }

  private static List<Message> messages(JsonNode nodes) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode node : nodes) {
      if (!node.path("content").isTextual()) {
        return List.of();
      }
      messages.add(new Message(node.path("role").asText(), node.path("content").asText()));
    }
    return List.copyOf(messages);
  }
}
