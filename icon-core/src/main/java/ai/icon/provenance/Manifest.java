package ai.icon.provenance;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON document with a defined order of keys: what went into a run, what came out. Equal entries
 * give equal bytes.
 *
 * @param entries texts, booleans, longs, doubles, nulls, lists and maps of these, in order. Records
 *     and other values that Jackson can write are turned into these, integers into longs, NaN into
 *     null, infinities into texts. Maps keep their order; a HashMap or Map.of has none, its keys
 *     are sorted
 */
public record Manifest(Map<String, Object> entries) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();
  // The line separator of Jackson's own printer is the machine's.
  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

  /** Copies the entries into plain values. */
  public Manifest {
    entries = plainMap(entries);
  }

  /** The document as indented JSON, lines ended by a line feed. */
  public String json() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(INDENTER);
    try {
      return JSON.writer(printer).writeValueAsString(entries) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("Plain values can be written as JSON", e);
    }
  }

  /**
   * Writes the document. A reader sees the old file or the new one, never half of one.
   *
   * @throws IOException if the folder cannot be written to
   */
  public void write(Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, json());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads a document; equal to the one written, doubles to the last bit.
   *
   * @throws IOException if the file cannot be read or is not a JSON object
   */
  public static Manifest read(Path file) throws IOException {
    Object value = JSON.readValue(Files.readString(file), Object.class);
    if (!(value instanceof Map<?, ?> map)) {
      throw new IOException("Cannot read " + file + ": a JSON object was expected");
    }
    return new Manifest(plainMap(map));
  }

  private static Map<String, Object> plainMap(Map<?, ?> map) {
    Map<String, Object> plain = isOrdered(map) ? new LinkedHashMap<>() : new TreeMap<>();
    map.forEach((key, value) -> plain.put(key.toString(), plain(value)));
    return Collections.unmodifiableMap(plain);
  }

  /** Map.of changes its order from one JVM to the next; a HashMap's is nobody's intent. */
  private static boolean isOrdered(Map<?, ?> map) {
    return map.getClass() != HashMap.class
        && !map.getClass().getName().startsWith("java.util.ImmutableCollections");
  }

  private static Object plain(Object value) {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      return plainNumber(number);
    }
    if (value instanceof Map<?, ?> map) {
      return plainMap(map);
    }
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(plain(item)));
      return Collections.unmodifiableList(plain);
    }
    // Records, arrays, enums: Jackson turns them into the kinds above.
    Object converted = JSON.convertValue(value, Object.class);
    if (converted != null && converted.getClass() == value.getClass()) {
      throw new IllegalArgumentException(
          "Cannot put a " + value.getClass().getName() + " into a manifest: it is no JSON value");
    }
    return plain(converted);
  }

  private static Object plainNumber(Number number) {
    if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
      double value = number.doubleValue();
      if (Double.isNaN(value)) {
        return null;
      }
      return Double.isInfinite(value) ? Double.toString(value) : (Object) value;
    }
    return number instanceof BigInteger big ? big.longValueExact() : number.longValue();
  }
}
