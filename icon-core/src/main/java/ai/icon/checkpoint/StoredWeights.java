package ai.icon.checkpoint;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the weights of a checkpoint lie in its files, which readers need not know.
 *
 * @param format of the files
 * @param files number of them
 * @param bytes of all of them, headers included
 * @param types tensors of each type, by the name that the files give it, such as BF16, F8_E4M3 or
 *     Q4_K; scales and buffers count too; none of a program, which keeps them to itself
 */
public record StoredWeights(
    Format format, int files, long bytes, SortedMap<String, Integer> types) {
  /** What the files are. */
  public enum Format {
    SAFETENSORS("safetensors"),
    GGUF("GGUF"),
    TORCHSCRIPT("TorchScript");

    private final String text;

    Format(String text) {
      this.text = text;
    }

    /** What people call it. */
    public String text() {
      return text;
    }
  }

  /** Copies the types. */
  public StoredWeights {
    requireNonNull(format, "format");
    types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
  }

  /** Whether 8-bit floats are among them, which readers see as bfloat16. */
  public boolean isReadUp() {
    return types.containsKey(SafetensorsFile.FLOAT8);
  }

  static StoredWeights ofSafetensors(Map<Path, SafetensorsFile> files) {
    SortedMap<String, Integer> types = new TreeMap<>();
    for (SafetensorsFile file : files.values()) {
      file.tensors().values().forEach(tensor -> count(types, tensor.type().safetensorsName()));
      file.unsupported().values().forEach(type -> count(types, type));
    }
    return new StoredWeights(Format.SAFETENSORS, files.size(), bytes(files.keySet()), types);
  }

  static StoredWeights ofGguf(GgufFile file) {
    SortedMap<String, Integer> types = new TreeMap<>();
    file.tensors().values().forEach(tensor -> count(types, tensor.type().name()));
    return new StoredWeights(Format.GGUF, 1, bytes(List.of(file.path())), types);
  }

  static StoredWeights ofProgram(TorchScriptFile file) {
    return new StoredWeights(Format.TORCHSCRIPT, 1, bytes(List.of(file.path())), new TreeMap<>());
  }

  private static void count(Map<String, Integer> types, String type) {
    types.merge(type, 1, Integer::sum);
  }

  private static long bytes(Collection<Path> files) {
    long bytes = 0;
    for (Path file : files) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw Unreadable.file(file, e);
      }
    }
    return bytes;
  }
}
