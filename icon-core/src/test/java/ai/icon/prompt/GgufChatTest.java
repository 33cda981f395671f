package ai.icon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.Golden;
import ai.icon.sample.Message;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chat template and the special tokens that a GGUF carries write what Transformers wrote. */
class GgufChatTest {
  /** Files that gguf-py wrote of golden checkpoints. */
  @ParameterizedTest
  @CsvSource({"llama-q8_0, llama", "qwen2-q8_0, qwen2"})
  void aFileWritesTheChatOfItsCheckpoint(String file, String checkpoint) {
    JsonNode golden = Golden.read(checkpoint + "/golden.json").path("chat");
    assertChat(Golden.folder("gguf/" + file + ".gguf"), golden);
  }

  /** By hand, as in GgufLossIT: {@code -Dicon.gguf.file=X.gguf -Dicon.gguf.losses=Y.json}. */
  @Test
  @EnabledIfSystemProperty(named = "icon.gguf.file", matches = ".+")
  void aGivenFileWritesTheGivenChat() throws IOException {
    JsonNode golden = new ObjectMapper().readTree(new File(System.getProperty("icon.gguf.losses")));
    assertChat(Path.of(System.getProperty("icon.gguf.file")), golden.path("chat"));
  }

  private static void assertChat(Path file, JsonNode golden) {
    Checkpoint checkpoint = Checkpoint.open(file);
    boolean isBosAdded = checkpoint.tokenizerConfig().path("add_bos_token").asBoolean();
    SpecialTokens tokens = SpecialTokens.of(checkpoint.tokenizerConfig(), isBosAdded);
    ChatTemplate template = ChatTemplate.of(checkpoint.chatTemplate().orElseThrow(), tokens);
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : golden.path("messages")) {
      messages.add(new Message(message.path("role").asText(), message.path("content").asText()));
    }
    assertThat(template.render(messages, false)).isEqualTo(golden.path("rendered").asText());
    boolean isAnswered = messages.get(messages.size() - 1).role().equals("assistant");
    assertThat(template.render(messages.subList(0, messages.size() - (isAnswered ? 1 : 0)), true))
        .isEqualTo(golden.path("rendered_prompt").asText());
  }
}
