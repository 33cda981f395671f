package ai.icon.checkpoint;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The weights of a GGUF file as Hugging Face names and orders them; what is quantised is float32
 * here, and dequantised where it is mapped.
 */
final class GgufWeights implements WeightSource {
  private final GgufFile file;
  private final Map<String, GgufView> views;
  private final Map<String, TensorInfo> tensors = new TreeMap<>();

  /**
   * Names the tensors of a file.
   *
   * @throws ai.icon.error.UserError if one is none that its architecture has
   */
  GgufWeights(GgufFile file, GgufFamily family) {
    this.file = file;
    this.views = GgufNames.views(file, family);
    views.values().forEach(view -> tensors.put(view.name(), view.info(file.path())));
  }

  @Override
  public Collection<TensorInfo> tensors() {
    return Collections.unmodifiableCollection(tensors.values());
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public boolean isMapped(TensorInfo tensor) {
    return views.get(tensor.name()).isAsStored();
  }

  @Override
  public StoredWeights stored() {
    return StoredWeights.ofGguf(file);
  }

  @Override
  public String misfitCure() {
    return "convert the model to GGUF anew, its metadata must be of the same model";
  }

  @Override
  public String fingerprint(Checkpoint checkpoint) {
    return CheckpointFingerprint.ofGguf(file);
  }

  @Override
  public ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    GgufView view = views.get(tensor.name());
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': it is not of %s".formatted(tensor.name(), file.path()));
    }
    long rowBytes = view.rowValues() * view.type().bytes();
    boolean isInside = fromByte >= 0 && bytes >= 0 && bytes <= tensor.bytes() - fromByte;
    if (!isInside
        || bytes > Integer.MAX_VALUE
        || fromByte % rowBytes != 0
        || bytes % rowBytes != 0) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': it has %d bytes in rows of %d, asked for %d from byte %d"
              .formatted(tensor.name(), tensor.bytes(), rowBytes, bytes, fromByte));
    }
    if (view.isAsStored()) {
      return file.map(view.stored(), tensor.offset() + fromByte, bytes);
    }
    return new GgufValues(file, view).rows(fromByte / rowBytes, (int) (bytes / rowBytes));
  }
}
