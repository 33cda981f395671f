package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The weights of a TorchScript program, which it keeps to itself: no tensor has a name here. */
record ProgramWeights(TorchScriptFile file, Path folder) implements WeightSource {
  @Override
  public Collection<TensorInfo> tensors() {
    return List.of();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.empty();
  }

  @Override
  public TensorInfo require(Path path, String name, List<Long> shape) {
    throw new UserError(
        "Cannot read the weights of %s: a TorchScript program keeps them to itself".formatted(path),
        "Give the model's Hugging Face folder with safetensors, or a GGUF file.");
  }

  @Override
  public String misfitCure() {
    return "give the config.json of the model that the program was made of";
  }

  @Override
  public ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    throw new IllegalArgumentException(
        "Cannot map tensor '%s': it is not of %s".formatted(tensor.name(), file.path()));
  }

  @Override
  public boolean isMapped(TensorInfo tensor) {
    return false;
  }

  @Override
  public StoredWeights stored() {
    return StoredWeights.ofProgram(file);
  }

  @Override
  public Optional<TorchScriptFile> program() {
    return Optional.of(file);
  }

  @Override
  public String fingerprint(Checkpoint checkpoint) {
    return CheckpointFingerprint.ofProgram(folder, checkpoint, file);
  }
}
