package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The safetensors files of a checkpoint, one or many, seen as one set of tensors. */
final class WeightFiles implements WeightSource {
  static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";

  private final Map<Path, SafetensorsFile> files;
  private final Map<String, TensorInfo> tensors = new TreeMap<>();
  private final Map<String, SafetensorsFile> unsupported = new TreeMap<>();

  private WeightFiles(Map<Path, SafetensorsFile> files) {
    this.files = files;
    Map<String, Path> holder = new TreeMap<>();
    for (SafetensorsFile file : files.values()) {
      file.tensors().keySet().forEach(name -> checkOnce(holder, name, file.path()));
      file.unsupported().keySet().forEach(name -> checkOnce(holder, name, file.path()));
      tensors.putAll(file.tensors());
      file.unsupported().keySet().forEach(name -> unsupported.put(name, file));
    }
  }

  /**
   * Opens the one file or, where there is none, the shards of the index: the order in which
   * Transformers looks.
   *
   * @throws UserError if there are no weights or a file is damaged
   */
  static WeightFiles open(Path folder) {
    Path single = folder.resolve(SINGLE);
    if (Files.isRegularFile(single)) {
      return new WeightFiles(open(List.of(single)));
    }
    Path index = folder.resolve(INDEX);
    if (!Files.isRegularFile(index)) {
      throw CheckpointPath.noWeights(folder);
    }
    ShardIndex shards = ShardIndex.read(index);
    Map<Path, SafetensorsFile> files = open(shards.shards());
    shards.check(files);
    return new WeightFiles(files);
  }

  /** Whether a folder holds such files, as far as their names tell. */
  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(SINGLE))
        || Files.isRegularFile(folder.resolve(INDEX));
  }

  @Override
  public String fingerprint(Checkpoint checkpoint) {
    return CheckpointFingerprint.of(checkpoint, files.values());
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
    return holder(tensor).map(tensor, fromByte, bytes);
  }

  @Override
  public boolean isMapped(TensorInfo tensor) {
    return true;
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
