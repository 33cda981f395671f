package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The weights of a checkpoint, of whatever format, as tensors of plain types under Hugging Face's
 * names. An implementation is immutable and thread-safe, has checked the files' layout, and holds
 * no file open.
 */
interface WeightSource {
  /** The tensors of plain types, in the order of their names. */
  Collection<TensorInfo> tensors();

  /** See {@link Checkpoint#find}. */
  Optional<TensorInfo> find(String name);

  /**
   * What to do when a tensor is missing or is not what the config says, as the end of a sentence:
   * it fits the config badly.
   */
  String misfitCure();

  /** See {@link Checkpoint#map}. */
  ByteBuffer map(TensorInfo tensor, long fromByte, long bytes);

  /** See {@link Checkpoint#isMapped}. */
  boolean isMapped(TensorInfo tensor);

  /** See {@link Checkpoint#stored}. */
  StoredWeights stored();

  /** See {@link Checkpoint#program}. */
  default Optional<TorchScriptFile> program() {
    return Optional.empty();
  }

  /** See {@link Checkpoint#fingerprint}. */
  String fingerprint(Checkpoint checkpoint);

  /** See {@link Checkpoint#require}. */
  default TensorInfo require(Path path, String name, List<Long> shape) {
    TensorInfo tensor = find(name).orElseThrow(() -> missing(path, name));
    if (!tensor.shape().equals(shape)) {
      String cure = misfitCure();
      throw new UserError(
          "Cannot use tensor '%s' of %s: its shape must be %s, got %s"
              .formatted(name, tensor.file(), shape, tensor.shape()),
          Character.toUpperCase(cure.charAt(0))
              + cure.substring(1)
              + ": they do not fit each other.");
    }
    return tensor;
  }

  private UserError missing(Path path, String name) {
    List<String> names = tensors().stream().map(TensorInfo::name).toList();
    return new UserError(
        "Cannot open checkpoint %s: it has no tensor '%s'".formatted(path, name),
        "It holds %d tensors, nearest are %s; %s."
            .formatted(names.size(), NearestNames.of(name, names), misfitCure()));
  }
}
