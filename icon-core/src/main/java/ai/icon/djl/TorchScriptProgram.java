package ai.icon.djl;

import ai.djl.engine.EngineException;
import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TorchScriptFile;
import ai.icon.decoder.ProgramOutline;
import ai.icon.error.UserError;
import ai.icon.loss.LossModel;
import ai.icon.selector.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checkpoint's TorchScript program in libtorch's memory, weights and all: the last resort for a
 * model whose family is not supported.
 */
public final class TorchScriptProgram implements DeviceModel {
  private final Path path;
  private final ProgramOutline outline;
  private final TorchModule module;

  private TorchScriptProgram(Path path, ProgramOutline outline, TorchModule module) {
    this.path = path;
    this.outline = outline;
    this.module = module;
  }

  static ProgramOutline outline(Checkpoint checkpoint, TorchScriptFile file) {
    try {
      return ProgramOutline.of(
          checkpoint.config(), checkpoint.configSource(), Files.size(file.path()));
    } catch (IOException e) {
      throw new UserError(
          "Cannot read %s: %s".formatted(file.path(), e), "Check that it is still there.", e);
    }
  }

  /**
   * Loads the program of a checkpoint that has one. Its weights keep the type that they were saved
   * in.
   *
   * @param device {@code cpu} or {@code gpu:N}
   * @param threads threads of one forward pass on the CPU; 0 for libtorch's own choice
   * @param gate what every native call passes: shut it before closing
   * @throws UserError if config.json says too little, or libtorch cannot read the archive
   * @throws ai.icon.error.ResourceError if libtorch cannot be loaded
   */
  static TorchScriptProgram load(Checkpoint checkpoint, String device, int threads, CallGate gate) {
    TorchScriptFile file = checkpoint.program().orElseThrow();
    ProgramOutline outline = outline(checkpoint, file);
    try {
      TorchModule module = TorchModule.load(file.path(), device, threads, gate);
      return new TorchScriptProgram(file.path(), outline, module);
    } catch (EngineException e) {
      throw new UserError(
          "Cannot load the TorchScript archive " + file.path() + ": " + firstLine(e),
          "Save it with the libtorch that is used here or an older one, 2.7: torch.jit.save.",
          e);
    }
  }

  private static String firstLine(EngineException e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message);
  }

  @Override
  public LossModel lossModel() {
    return new TorchScriptLossModel(this);
  }

  @Override
  public Embedder embedder() {
    throw new UserError(
        "Cannot embed with %s: a TorchScript program gives no hidden states".formatted(path),
        "Use --selector ngram.");
  }

  Path path() {
    return path;
  }

  ProgramOutline outline() {
    return outline;
  }

  TorchModule module() {
    return module;
  }

  @Override
  public void close() {
    module.close();
  }
}
