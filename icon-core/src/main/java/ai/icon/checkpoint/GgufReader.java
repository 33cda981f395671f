package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the header of a GGUF file, versions 2 and 3: metadata, then what tensors there are. Source:
 * the GGUF specification of ggml (docs/gguf.md).
 */
final class GgufReader {
  private static final int MAGIC = 0x46554747; // "GGUF", least byte first
  private static final int MOST_DIMENSIONS = 4;
  private static final int MOST_NESTING = 4;

  /**
   * Values of all lists together; 260,000 tokens with scores, types and merges take 1.3 million.
   */
  private static final int MOST_VALUES = 1 << 22;

  private static final String ALIGNMENT = "general.alignment";
  private static final long DEFAULT_ALIGNMENT = 32;

  private final Path file;
  private final GgufCursor in;
  private long values;

  private GgufReader(Path file, GgufCursor in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Reads and checks a header; no weights.
   *
   * @throws UserError if the file cannot be read, is of another version or byte order, is cut
   *     short, or its header lies
   */
  static GgufFile read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new GgufReader(file, new GgufCursor(file, channel)).file();
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  private GgufFile file() {
    if (in.int32("the magic number") != MAGIC) {
      throw in.damaged("it does not begin with GGUF");
    }
    checkVersion(in.int32("the version"));
    int tensorCount = in.count(24, "the number of tensors");
    int keyCount = in.count(13, "the number of metadata keys");
    GgufMetadata metadata = metadata(keyCount);
    List<GgufFile.Entry> entries = new ArrayList<>();
    for (int i = 0; i < tensorCount; i++) {
      entries.add(entry("tensor %d of %d".formatted(i + 1, tensorCount)));
    }
    long alignment = alignment(metadata);
    long dataStart = (in.position() + alignment - 1) / alignment * alignment;
    return new GgufFile(file, in.size(), metadata, alignment, dataStart, entries);
  }

  private void checkVersion(int version) {
    if (version == 2 || version == 3) {
      return;
    }
    // Version 3 in the other byte order reads as 0x03000000.
    boolean isBigEndian = (version & 0xFFFF) == 0 && version != 0;
    String what =
        isBigEndian ? "is big-endian" : "is of version " + Integer.toUnsignedString(version);
    throw new UserError(
        "Cannot read weights %s: the GGUF file %s; versions 2 and 3, little-endian, are read"
            .formatted(file, what),
        "Convert the model anew with llama.cpp's convert_hf_to_gguf.py, or use the Hugging Face"
            + " folder that the file was made from.");
  }

  private GgufMetadata metadata(int count) {
    Map<String, Object> found = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String key = in.text("metadata key %d of %d".formatted(i + 1, count));
      Object value = value(in.int32("the type of " + key), key, 0);
      if (found.put(key, value) != null) {
        throw in.damaged("it has metadata %s twice".formatted(key));
      }
    }
    return new GgufMetadata(file, found);
  }

  private Object value(int type, String key, int depth) {
    return switch (type) {
      case 0 -> (long) (in.int8(key) & 0xFF);
      case 1 -> (long) in.int8(key);
      case 2 -> (long) (in.int16(key) & 0xFFFF);
      case 3 -> (long) in.int16(key);
      case 4 -> in.int32(key) & 0xFFFFFFFFL;
      case 5 -> (long) in.int32(key);
      case 6 -> Float.intBitsToFloat(in.int32(key));
      case 7 -> flag(key);
      case 8 -> in.text(key);
      case 9 -> list(key, depth);
      case 10 -> unsigned(key);
      case 11 -> in.int64(key);
      case 12 -> Double.longBitsToDouble(in.int64(key));
      default -> throw unknownType(type, key);
    };
  }

  private UserError unknownType(int type, String key) {
    return in.damaged(
        "metadata %s has type %s, known are 0 to 12"
            .formatted(key, Integer.toUnsignedString(type)));
  }

  private boolean flag(String key) {
    byte value = in.int8(key);
    if (value != 0 && value != 1) {
      throw in.damaged("metadata %s must be 0 or 1, a boolean, got %d".formatted(key, value));
    }
    return value == 1;
  }

  private long unsigned(String key) {
    long value = in.int64(key);
    if (value < 0) {
      throw in.damaged(
          "metadata %s is %s, beyond 2^63-1".formatted(key, Long.toUnsignedString(value)));
    }
    return value;
  }

  private Object list(String key, int depth) {
    int type = in.int32("the type of " + key);
    int count = in.count(leastBytes(type, key), "the length of " + key);
    values += count;
    if (values > MOST_VALUES || depth == MOST_NESTING) {
      throw in.damaged(
          "its metadata has more than %d values or %d lists in each other, at %s"
              .formatted(MOST_VALUES, MOST_NESTING, key));
    }
    return switch (type) {
      case 6, 12 -> {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
          numbers[i] = ((Number) value(type, key, depth)).doubleValue();
        }
        yield numbers;
      }
      case 7 -> {
        long[] flags = new long[count];
        for (int i = 0; i < count; i++) {
          flags[i] = flag(key) ? 1 : 0;
        }
        yield flags;
      }
      case 8, 9 -> {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          list.add(value(type, key, depth + 1));
        }
        yield list;
      }
      default -> {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
          numbers[i] = (Long) value(type, key, depth);
        }
        yield numbers;
      }
    };
  }

  private long leastBytes(int type, String key) {
    return switch (type) {
      case 0, 1, 7 -> 1;
      case 2, 3 -> 2;
      case 4, 5, 6 -> 4;
      case 8, 10, 11, 12 -> 8;
      case 9 -> 12;
      default -> throw unknownType(type, key);
    };
  }

  private GgufFile.Entry entry(String which) {
    String name = in.text("the name of " + which);
    int dimensions = in.int32("the dimensions of tensor '%s'".formatted(name));
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw in.damaged(
          "tensor '%s' must have 1 to %d dimensions, got %s"
              .formatted(name, MOST_DIMENSIONS, Integer.toUnsignedString(dimensions)));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      // The file lists the innermost size first.
      shape.add(0, in.int64("the shape of tensor '%s'".formatted(name)));
    }
    int type = in.int32("the type of tensor '%s'".formatted(name));
    long offset = in.int64("the offset of tensor '%s'".formatted(name));
    return new GgufFile.Entry(name, type, List.copyOf(shape), offset);
  }

  private long alignment(GgufMetadata metadata) {
    long alignment = metadata.integer(ALIGNMENT).orElse(DEFAULT_ALIGNMENT);
    if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
      throw in.damaged(
          "%s must be a power of 2 up to 2^20, got %d".formatted(ALIGNMENT, alignment));
    }
    return alignment;
  }
}
