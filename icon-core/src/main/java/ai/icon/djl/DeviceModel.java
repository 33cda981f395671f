package ai.icon.djl;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TorchScriptFile;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.ModelOutline;
import ai.icon.decoder.ProgramOutline;
import ai.icon.loss.LossModel;
import ai.icon.selector.Embedder;
import java.util.Optional;

/**
 * What a device holds of a checkpoint: a decoder of ours with the checkpoint's weights, or the
 * checkpoint's own program. Closing it while a call runs is not safe.
 */
public sealed interface DeviceModel extends AutoCloseable permits DjlDecoder, TorchScriptProgram {
  /**
   * What {@link #load} would load, without reading a weight.
   *
   * @throws ai.icon.error.UserError if the checkpoint's family is not supported, or its config.json
   *     says too little
   */
  static ModelOutline outline(Checkpoint checkpoint) {
    Optional<TorchScriptFile> program = checkpoint.program();
    return program.isPresent()
        ? TorchScriptProgram.outline(checkpoint, program.get())
        : DjlDecoder.spec(checkpoint);
  }

  /**
   * Loads a checkpoint.
   *
   * @param precision what weights are held in; a program's are held as they were saved
   * @param device {@code cpu} or {@code gpu:N}, where N is CUDA's number from 0
   * @param threads threads of one forward pass on the CPU; 0 for libtorch's own choice
   * @param gate what every native call passes: shut it before closing
   * @throws ai.icon.error.UserError if it cannot be used
   * @throws ai.icon.error.ResourceError if libtorch cannot be loaded, or the weights do not fit
   */
  static DeviceModel load(
      Checkpoint checkpoint, Precision precision, String device, int threads, CallGate gate) {
    return checkpoint.program().isPresent()
        ? TorchScriptProgram.load(checkpoint, device, threads, gate)
        : DjlDecoder.load(checkpoint, precision, device, threads, gate);
  }

  /** Bytes outside the Java heap that a loaded model takes; of a program, the size of its file. */
  static long weightBytes(ModelOutline outline, Precision precision) {
    return outline instanceof DecoderSpec spec
        ? DjlDecoder.weightBytes(spec, precision)
        : ((ProgramOutline) outline).bytes();
  }

  /** A loss model on it, which need not be closed; must not outlive this. */
  LossModel lossModel();

  /**
   * An embedder on it; must not outlive this.
   *
   * @throws ai.icon.error.UserError if it gives no hidden states: {@link ModelOutline#embeds}
   */
  Embedder embedder();

  @Override
  void close();
}
