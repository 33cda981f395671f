package ai.icon.djl;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.icon.error.UserError;
import ai.icon.prompt.Tokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/** A checkpoint's tokenizer.json, run by Hugging Face's tokenizers library. */
public final class DjlTokenizer implements Tokenizer, AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt bos;
  private final int size;

  private DjlTokenizer(HuggingFaceTokenizer tokenizer, OptionalInt bos, int size) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.size = size;
  }

  /**
   * Opens a tokenizer. It puts a BOS in front if tokenizer_config.json says {@code add_bos_token},
   * and where that file is silent, if tokenizer.json's post-processor does.
   *
   * @param where what the text comes from, for messages: a path
   * @param json the text of a tokenizer.json
   * @param config tokenizer_config.json, or an empty object
   * @throws UserError if the text cannot be read as a tokenizer
   * @throws ai.icon.error.ResourceError if the native library cannot be loaded
   */
  public static DjlTokenizer open(String where, String json, JsonNode config) {
    NativeRuntime.tokenizers();
    // Padding and truncation are ours: sequences are cut by rule, and every cut is flagged.
    Map<String, String> options =
        Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false");
    try (InputStream text = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
      HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(text, options);
      return new DjlTokenizer(tokenizer, bos(tokenizer, config), vocabularySize(json));
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          "Cannot read the tokenizer " + where + ": " + e.getMessage(),
          "Copy the file again from the place where the model was published.",
          e);
    }
  }

  private static OptionalInt bos(HuggingFaceTokenizer tokenizer, JsonNode config) {
    JsonNode name = config.path("bos_token");
    String text = name.isObject() ? name.path("content").asText("") : name.asText("");
    long[] added = tokenizer.encode("a", true, false).getIds();
    long[] plain = tokenizer.encode("a", false, false).getIds();
    boolean processorAdds = added.length > plain.length && !startsLike(added, plain);
    if (!config.path("add_bos_token").asBoolean(processorAdds)) {
      return OptionalInt.empty();
    }
    if (processorAdds) {
      return OptionalInt.of((int) added[0]);
    }
    long[] ids = text.isEmpty() ? new long[0] : tokenizer.encode(text, false, false).getIds();
    if (ids.length != 1) {
      throw new IllegalArgumentException(
          "add_bos_token is set, but bos_token \"" + text + "\" is not one token");
    }
    return OptionalInt.of((int) ids[0]);
  }

  private static boolean startsLike(long[] added, long[] plain) {
    return Arrays.equals(added, 0, plain.length, plain, 0, plain.length);
  }

  private static int vocabularySize(String json) throws IOException {
    JsonNode root = new ObjectMapper().readTree(json);
    int largest = -1;
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isArray()) {
      largest = vocabulary.size() - 1;
    }
    for (JsonNode id : vocabulary.isObject() ? vocabulary : root.path("none")) {
      largest = Math.max(largest, id.asInt(-1));
    }
    for (JsonNode token : root.path("added_tokens")) {
      largest = Math.max(largest, token.path("id").asInt(-1));
    }
    return largest + 1;
  }

  @Override
  public int[] encode(String text) {
    Encoding encoding = tokenizer.encode(text, false, false);
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
  }

  @Override
  public OptionalInt bos() {
    return bos;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
