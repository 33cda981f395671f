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
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
    JsonNode config = checkpoint.tokenizerConfig();
    List<String> used = List.of(checkpoint.chatTemplate().orElse(""), BeginningToken.text(config));
    TokenizerVocabulary vocabulary = TokenizerVocabulary.of(where, json);
    String fitted = vocabulary.fitted(json, rows, checkpoint.configSource(), used);
    DjlTokenizer opened =
        fitted.equals(json) ? open(where, json, vocabulary, config) : open(where, fitted, config);
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
   * Opens a tokenizer. Whether it puts a BOS in front is decided as {@link BeginningToken} says.
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
    try {
      TokenizerFaults.check(vocabulary.root());
      HuggingFaceTokenizer tokenizer = read(json);
      try {
        checkAdded(tokenizer, vocabulary);
        OptionalInt bos = BeginningToken.of(tokenizer, vocabulary.root(), config);
        return new DjlTokenizer(where, tokenizer, bos, vocabulary.size());
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
