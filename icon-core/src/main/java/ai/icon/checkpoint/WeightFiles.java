package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The safetensors files of a checkpoint, one or many, seen as one set of tensors. */
final class WeightFiles implements WeightSource {
  static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";

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

  /** Whether a folder holds such files, as far as their names tell. */
  static boolean isIn(Path folder) {
    return CheckpointPath.hasFile(folder, SINGLE) || CheckpointPath.hasFile(folder, INDEX);
  }

  @Override
  public String fingerprint(Checkpoint checkpoint) {
    return CheckpointFingerprint.of(checkpoint, files.values());
  }

  @Override
  public StoredWeights stored() {
    return StoredWeights.ofSafetensors(files);
  }

  @Override
  public String misfitCure() {
    return "take config.json and the weights from the same download";
  }

  @Override
  public Collection<TensorInfo> tensors() {
    return Collections.unmodifiableCollection(tensors.values());
  }

  @Override
  public Optional<TensorInfo> find(String name) {
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

  @Override
  public ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    Float8Tensor narrow = float8.get(tensor.name());
    return narrow != null && narrow.info().equals(tensor)
        ? narrow.map(fromByte, bytes)
        : holder(tensor).map(tensor, fromByte, bytes);
  }

  /** Whether the file's own bytes are given: 8-bit floats are read up. */
  @Override
  public boolean isMapped(TensorInfo tensor) {
    return !float8.containsKey(tensor.name());
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
}
