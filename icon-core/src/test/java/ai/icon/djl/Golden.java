package ai.icon.djl;

import ai.icon.checkpoint.Checkpoint;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fixtures that make_golden.py made with Hugging Face Transformers in float64. */
public final class Golden {
  /** What a token's loss may differ by, nats (README.md beside the fixtures). */
  static final double TOLERANCE = 2e-4;

  private Golden() {}

  /** The fixtures, one for each family and more for what Llama's configs differ in. */
  public static List<String> checkpoints() {
    return List.of(
        "llama",
        "llama-tied",
        "llama3-rope",
        "mistral-window",
        "qwen2",
        "qwen3",
        "gemma2",
        "phi3",
        "olmo2",
        "smollm3",
        "gpt-neox",
        "gpt2");
  }

  /** One text with the losses that Transformers gives it. */
  record Case(
      String context, String prompt, String response, int[] ids, int start, double[] tokenNll) {}

  /** The folder of a checkpoint among the golden ones. */
  public static Path folder(String name) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A JSON file among the golden ones. */
  public static JsonNode read(String file) {
    try {
      return new ObjectMapper().readTree(folder(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tokenizer of a folder with tokenizer_config.json. */
  static DjlTokenizer tokenizer(String name) {
    Checkpoint checkpoint = Checkpoint.open(folder(name));
    return DjlTokenizer.open(
        checkpoint.tokenizerSource(), checkpoint.tokenizerJson(), checkpoint.tokenizerConfig());
  }

  static List<Case> cases(String checkpoint) {
    List<Case> cases = new ArrayList<>();
    for (JsonNode node : read(checkpoint + "/golden.json").path("cases")) {
      cases.add(
          new Case(
              node.path("context").isNull() ? "" : node.path("context").asText(),
              node.path("prompt").asText(),
              node.path("response").asText(),
              ints(node.path("ids")),
              node.path("response_start").asInt(),
              doubles(node.path("token_nll"))));
    }
    return cases;
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }
}
