package ai.icon.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a GGUF file says about its model, by key: architecture, sizes, tokenizer, chat template. A
 * key that is absent gives an empty answer; one that holds another kind of value than was asked for
 * is refused, with file and key. Immutable and thread-safe.
 *
 * <p>Of the format's thirteen types, the integers of all widths are one kind here, and the two
 * widths of floats another. Source: the GGUF specification of ggml.
 */
final class GgufMetadata {
  private final Path file;
  private final Map<String, Object> values;

  /**
   * Metadata as {@link GgufReader} makes it, or a test.
   *
   * @param file the GGUF file, for messages
   * @param values by key: String, Boolean, Long, Float, Double; arrays as List of String, long[]
   *     (integers, and booleans as 0 and 1) or double[]; an array of arrays as List of Object
   */
  GgufMetadata(Path file, Map<String, Object> values) {
    this.file = requireNonNull(file, "file");
    this.values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** The GGUF file. */
  Path file() {
    return file;
  }

  /** All keys, sorted. */
  Set<String> keys() {
    return values.keySet();
  }

  /** Whether a key is there, of whatever kind. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  /**
   * A text.
   *
   * @throws UserError if the key holds something else
   */
  Optional<String> text(String key) {
    return value(key, String.class, "a text");
  }

  /**
   * A text that must be there.
   *
   * @throws UserError if the key is absent or holds something else
   */
  String requireText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  /**
   * A whole number of any width.
   *
   * @throws UserError if the key holds something else
   */
  OptionalLong integer(String key) {
    Optional<Long> number = value(key, Long.class, "a whole number");
    return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
  }

  /**
   * A whole number that must be there.
   *
   * @throws UserError if the key is absent or holds something else
   */
  long requireInteger(String key) {
    return integer(key).orElseThrow(() -> missing(key));
  }

  /**
   * A number, whole or not. A 32-bit float is given as the shortest decimal that stands for it,
   * which is what the model's own configuration said: 1e-5, not 9.999999747378752e-6.
   *
   * @throws UserError if the key holds something else
   */
  OptionalDouble number(String key) {
    Optional<Number> number = value(key, Number.class, "a number");
    if (number.isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        number.get() instanceof Float narrow
            ? Double.parseDouble(Float.toString(narrow))
            : number.get().doubleValue());
  }

  /**
   * A number that must be there.
   *
   * @throws UserError if the key is absent or holds something else
   */
  double requireNumber(String key) {
    return number(key).orElseThrow(() -> missing(key));
  }

  /**
   * Yes or no.
   *
   * @throws UserError if the key holds something else
   */
  Optional<Boolean> flag(String key) {
    return value(key, Boolean.class, "true or false");
  }

  /**
   * A list of texts; empty where there is none.
   *
   * @throws UserError if the key holds something else
   */
  List<String> texts(String key) {
    List<?> list = value(key, List.class, "a list of texts").orElse(List.of());
    if (!list.isEmpty() && !(list.get(0) instanceof String)) {
      throw wrong(key, "a list of texts", list);
    }
    return list.stream().map(String.class::cast).toList();
  }

  /**
   * A list of whole numbers, booleans as 0 and 1; empty where there is none.
   *
   * @throws UserError if the key holds something else
   */
  long[] integers(String key) {
    return isEmptyList(key)
        ? new long[0]
        : value(key, long[].class, "a list of whole numbers").orElse(new long[0]).clone();
  }

  /**
   * A list of floats, each widened; empty where there is none.
   *
   * @throws UserError if the key holds something else
   */
  double[] numbers(String key) {
    return isEmptyList(key)
        ? new double[0]
        : value(key, double[].class, "a list of numbers").orElse(new double[0]).clone();
  }

  private boolean isEmptyList(String key) {
    return values.get(key) instanceof List<?> list && list.isEmpty();
  }

  private <T> Optional<T> value(String key, Class<T> kind, String words) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!kind.isInstance(value)) {
      throw wrong(key, words, value);
    }
    return Optional.of(kind.cast(value));
  }

  private UserError missing(String key) {
    return new UserError(
        "Cannot use %s: its metadata has no %s".formatted(file, key),
        "Convert the model anew with llama.cpp's convert_hf_to_gguf.py, or use the Hugging Face"
            + " folder that the file was made from.");
  }

  private UserError wrong(String key, String words, Object value) {
    return new UserError(
        "Cannot use %s: its metadata %s must be %s, got %s"
            .formatted(file, key, words, described(value)),
        "Convert the model anew with llama.cpp's convert_hf_to_gguf.py, or use the Hugging Face"
            + " folder that the file was made from.");
  }

  private static String described(Object value) {
    if (value instanceof long[] integers) {
      return "a list of %d whole numbers".formatted(integers.length);
    }
    if (value instanceof double[] numbers) {
      return "a list of %d numbers".formatted(numbers.length);
    }
    if (value instanceof List<?> list) {
      return "a list of %d".formatted(list.size());
    }
    return value instanceof String ? "a text" : value.toString();
  }
}
