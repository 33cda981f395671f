package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The safetensors files of a checkpoint, one or many, seen as one set of tensors. */
final class WeightFiles {
  static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";
  private static final int NEAREST_SHOWN = 3;

  private final Map<Path, SafetensorsFile> files;
  private final Map<String, TensorInfo> tensors = new TreeMap<>();
  private final Map<String, SafetensorsFile> unsupported = new TreeMap<>();
  private final Map<String, Float8Tensor> float8;

  private WeightFiles(
      Map<Path, SafetensorsFile> files, Map<String, Float8Tensor> float8, Set<String> scales) {
    this.files = files;
    Map<String, Path> holder = new TreeMap<>();
    for (SafetensorsFile file : files.values()) {
      file.tensors().keySet().forEach(name -> checkOnce(holder, name, file.path()));
      file.unsupported().keySet().forEach(name -> checkOnce(holder, name, file.path()));
      tensors.putAll(file.tensors());
      file.unsupported().keySet().forEach(name -> unsupported.put(name, file));
    }
    this.float8 = float8;
    float8.forEach((name, tensor) -> tensors.put(name, tensor.info()));
    unsupported.keySet().removeAll(float8.keySet());
    tensors.keySet().removeAll(scales);
  }

  /**
   * Opens the one file or, where there is none, the shards of the index: the order in which
   * Transformers looks.
   *
   * @throws UserError if there are no weights or a file is damaged
   */
  static WeightFiles open(Path folder) {
    Path single = folder.resolve(SINGLE);
    if (CheckpointPath.hasFile(folder, SINGLE)) {
      return new WeightFiles(open(List.of(single)), Map.of(), Set.of());
    }
    Path index = folder.resolve(INDEX);
    if (!CheckpointPath.hasFile(folder, INDEX)) {
      throw CheckpointPath.noWeights(folder);
    }
    ShardIndex shards = ShardIndex.read(index);
    Map<Path, SafetensorsFile> files = open(shards.shards());
    shards.check(files);
    return new WeightFiles(files, Map.of(), Set.of());
  }

  /**
   * The same files with their 8-bit floats read up.
   *
   * @throws UserError if one of them has no scale that fits
   */
  WeightFiles readUp(Quantization quantization) {
    Float8Tensors narrow = Float8Tensors.of(files.values(), quantization);
    return new WeightFiles(files, narrow.tensors(), narrow.scales());
  }

  /** The files, in the order of their names. */
  Collection<SafetensorsFile> files() {
    return Collections.unmodifiableCollection(files.values());
  }

  /** The tensors of supported types, in the order of their names. */
  Collection<TensorInfo> tensors() {
    return Collections.unmodifiableCollection(tensors.values());
  }

  /** See {@link Checkpoint#find}. */
  Optional<TensorInfo> find(String name) {
    SafetensorsFile refused = unsupported.get(name);
    if (refused != null) {
      throw new UserError(
          "Cannot use tensor '%s' of %s: its type is %s, supported are %s"
              .formatted(
                  name, refused.path(), refused.unsupported().get(name), TensorType.supported()),
          "Use a checkpoint that is stored in one of the supported types, not a quantized one.");
    }
    return Optional.ofNullable(tensors.get(name));
  }

  /** See {@link Checkpoint#require}. */
  TensorInfo require(Path folder, String name, List<Long> shape) {
    TensorInfo tensor = find(name).orElseThrow(() -> missing(folder, name));
    if (!tensor.shape().equals(shape)) {
      throw new UserError(
          "Cannot use tensor '%s' of %s: its shape must be %s, got %s"
              .formatted(name, tensor.file(), shape, tensor.shape()),
          "Take config.json and the weights from the same download: they do not fit each other.");
    }
    return tensor;
  }

  /** See {@link Checkpoint#map}. */
  ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    Float8Tensor narrow = float8.get(tensor.name());
    return narrow != null && narrow.info().equals(tensor)
        ? narrow.map(fromByte, bytes)
        : holder(tensor).map(tensor, fromByte, bytes);
  }

  private SafetensorsFile holder(TensorInfo tensor) {
    SafetensorsFile file = files.get(tensor.file());
    if (file == null) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': %s is not of this checkpoint"
              .formatted(tensor.name(), tensor.file()));
    }
    return file;
  }

  private static Map<Path, SafetensorsFile> open(List<Path> paths) {
    Map<Path, SafetensorsFile> files = new TreeMap<>();
    paths.forEach(path -> files.put(path, SafetensorsFile.open(path)));
    return files;
  }

  private static void checkOnce(Map<String, Path> holder, String name, Path file) {
    Path other = holder.putIfAbsent(name, file);
    if (other != null) {
      throw new UserError(
          "Cannot open checkpoint: both %s and %s hold tensor '%s'"
              .formatted(other, file.getFileName(), name),
          "Take index and shards from the same download.");
    }
  }

  private UserError missing(Path folder, String name) {
    return new UserError(
        "Cannot open checkpoint %s: it has no tensor '%s'".formatted(folder, name),
        "It holds %d tensors, nearest are %s; take config.json and the weights from the same"
                .formatted(tensors.size(), nearest(name))
            + " download.");
  }

  /** The names that share most of their parts with the wanted one, from the front and the back. */
  private List<String> nearest(String wanted) {
    List<String> names = new ArrayList<>(tensors.keySet());
    names.sort(
        Comparator.comparingInt((String name) -> -sharedParts(wanted, name))
            .thenComparing(Comparator.naturalOrder()));
    return names.subList(0, Math.min(NEAREST_SHOWN, names.size()));
  }

  private static int sharedParts(String left, String right) {
    List<String> a = List.of(left.split("\\.", -1));
    List<String> b = List.of(right.split("\\.", -1));
    int shorter = Math.min(a.size(), b.size());
    int front = 0;
    while (front < shorter && a.get(front).equals(b.get(front))) {
      front++;
    }
    int back = 0;
    while (back < shorter - front
        && a.get(a.size() - 1 - back).equals(b.get(b.size() - 1 - back))) {
      back++;
    }
    return front + back;
  }
}
