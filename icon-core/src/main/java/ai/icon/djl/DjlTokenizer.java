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
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A checkpoint's tokenizer.json, run by Hugging Face's tokenizers library. Its native memory is
 * freed when it is closed, or else some time after the last one who could use it let go of it.
 */
public final class DjlTokenizer implements Tokenizer, AutoCloseable {
  private final String where;
  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt bos;
  private final int size;

  private DjlTokenizer(String where, HuggingFaceTokenizer tokenizer, OptionalInt bos, int size) {
    this.where = where;
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.size = size;
  }

  /**
   * Opens a tokenizer. Whether it puts a BOS in front is decided as {@link BeginningToken} says.
   *
   * @param where what the text comes from, for messages: a path
   * @param json the text of a tokenizer.json
   * @param config tokenizer_config.json, or an empty object
   * @throws UserError if the text cannot be read as a tokenizer
   * @throws ai.icon.error.ResourceError if the native library cannot be loaded
   */
  public static DjlTokenizer open(String where, String json, JsonNode config) {
    NativeRuntime.tokenizers();
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      TokenizerFaults.check(root);
      HuggingFaceTokenizer tokenizer = read(json);
      try {
        OptionalInt bos = BeginningToken.of(tokenizer, root, config);
        return new DjlTokenizer(where, tokenizer, bos, vocabularySize(root));
      } catch (RuntimeException e) {
        tokenizer.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          "Cannot read the tokenizer " + where + ": " + e.getMessage(),
          "Copy the file again from the place where the model was published.",
          e);
    }
  }

  private static HuggingFaceTokenizer read(String json) throws IOException {
    // Padding and truncation are ours: sequences are cut by rule, and every cut is flagged.
    Map<String, String> options =
        Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false");
    try (InputStream text = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
      return HuggingFaceTokenizer.newInstance(text, options);
    }
  }

  /** One more than the largest id: of a map of tokens, a list of them, and the added ones. */
  private static int vocabularySize(JsonNode root) {
    JsonNode vocabulary = root.path("model").path("vocab");
    int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        largest = Math.max(largest, id.asInt(-1));
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      largest = Math.max(largest, token.path("id").asInt(-1));
    }
    return largest + 1;
  }

  /**
   * {@inheritDoc}
   *
   * @throws UserError if the tokenizer has neither a token for a part of the text nor one for what
   *     is unknown to it
   * @throws IllegalStateException if it was closed
   */
  @Override
  public int[] encode(String text) {
    Encoding encoding = use(open -> open.encode(text, false, false));
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public String decode(int[] ids) {
    return use(open -> open.decode(Arrays.stream(ids).asLongStream().toArray(), false));
  }

  private <T> T use(Function<HuggingFaceTokenizer, T> work) {
    try {
      return work.apply(tokenizer);
    } catch (IllegalStateException e) {
      throw e; // closed
    } catch (RuntimeException e) {
      throw new UserError(
          "Cannot use the tokenizer " + where + ": " + e.getMessage(),
          "Copy the file again from the place where the model was published.",
          e);
    } finally {
      // DJL frees the native memory of what was let go: not under the last call.
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public OptionalInt bos() {
    return bos;
  }

  @Override
  public int size() {
    return size;
  }

  /** Frees the native memory; nobody may be using it. */
  @Override
  public void close() {
    tokenizer.close();
  }
}
