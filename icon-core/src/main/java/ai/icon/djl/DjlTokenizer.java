package ai.icon.djl;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.icon.checkpoint.Checkpoint;
import ai.icon.error.UserError;
import ai.icon.prompt.Tokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
   * Opens the tokenizer of a checkpoint and holds it against the model: every id that it can give
   * has a row in the embedding.
   *
   * @param rows of the embedding
   * @throws UserError if the two do not fit, or the text cannot be read as a tokenizer
   * @throws ai.icon.error.ResourceError if the native library cannot be loaded
   */
  public static DjlTokenizer open(Checkpoint checkpoint, int rows) {
    String where = checkpoint.tokenizerSource();
    String json = checkpoint.tokenizerJson();
    List<String> used =
        List.of(checkpoint.chatTemplate().orElse(""), bosText(checkpoint.tokenizerConfig()));
    TokenizerVocabulary vocabulary = TokenizerVocabulary.of(where, json);
    String fitted = vocabulary.fitted(json, rows, checkpoint.configSource(), used);
    DjlTokenizer opened =
        fitted.equals(json)
            ? open(where, json, vocabulary, checkpoint.tokenizerConfig())
            : open(where, fitted, checkpoint.tokenizerConfig());
    if (opened.bos().orElse(0) >= rows) {
      opened.close();
      throw new UserError(
          "Cannot use the tokenizer %s: its BOS has id %d, but the model of %s has %d rows"
              .formatted(where, opened.bos().orElse(0), checkpoint.configSource(), rows),
          "Take tokenizer, config.json and weights from the same download.");
    }
    return opened;
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
    return open(where, json, TokenizerVocabulary.of(where, json), config);
  }

  private static DjlTokenizer open(
      String where, String json, TokenizerVocabulary vocabulary, JsonNode config) {
    NativeRuntime.tokenizers();
    // Padding and truncation are ours: sequences are cut by rule, and every cut is flagged.
    Map<String, String> options =
        Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false");
    try (InputStream text = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
      return checked(HuggingFaceTokenizer.newInstance(text, options), vocabulary, config);
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          "Cannot read the tokenizer " + where + ": " + e.getMessage(),
          "Copy the file again from the place where the model was published.",
          e);
    }
  }

  private static DjlTokenizer checked(
      HuggingFaceTokenizer tokenizer, TokenizerVocabulary vocabulary, JsonNode config) {
    try {
      checkAdded(tokenizer, vocabulary);
      return new DjlTokenizer(tokenizer, bos(tokenizer, config), vocabulary.size());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The library numbers added tokens itself, and passes over ids that leave a gap. */
  private static void checkAdded(HuggingFaceTokenizer tokenizer, TokenizerVocabulary vocabulary) {
    vocabulary
        .added()
        .forEach(
            (id, content) -> {
              long[] ids = tokenizer.encode(content, false, false).getIds();
              if (ids.length == 1 && ids[0] != id) {
                throw new IllegalArgumentException(
                    "added token \"%s\" has id %d there, but the ids before it leave it %d"
                        .formatted(content, id, ids[0]));
              }
            });
  }

  private static String bosText(JsonNode config) {
    JsonNode name = config.path("bos_token");
    return name.isObject() ? name.path("content").asText("") : name.asText("");
  }

  private static OptionalInt bos(HuggingFaceTokenizer tokenizer, JsonNode config) {
    String text = bosText(config);
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
