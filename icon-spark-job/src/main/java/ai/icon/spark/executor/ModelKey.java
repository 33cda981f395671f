package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

import ai.icon.djl.Precision;
import ai.icon.error.UserError;
import ai.icon.prompt.SequenceLimits;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import java.io.Serializable;

/**
 * Says which model a task needs and how texts are written for it. Travels with the task; two equal
 * keys share one loaded model.
 *
 * @param path folder of the checkpoint, reachable from the executor
 * @param fingerprint what the driver found there; an executor that finds another one refuses
 * @param precision type of the weights in memory
 * @param device {@code cpu} or {@code gpu:N}
 * @param threads threads of one forward pass on the CPU, at least 1
 * @param prompt template, separator and limits
 */
public record ModelKey(
    String path,
    String fingerprint,
    Precision precision,
    String device,
    int threads,
    PromptConfig prompt)
    implements Serializable {
  /** Checks that every part is given. */
  public ModelKey {
    requireNonNull(path, "path");
    requireNonNull(fingerprint, "fingerprint");
    requireNonNull(precision, "precision");
    requireNonNull(device, "device");
    requireNonNull(prompt, "prompt");
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid threads: must be at least 1, got " + threads);
    }
  }

  /**
   * The key of a run's model on the CPU.
   *
   * @param model path, type and threads
   * @param prompt how texts are written
   * @param fingerprint of the checkpoint at that path
   * @throws UserError if the settings ask for a GPU: better none than a silent run on the CPU
   */
  public static ModelKey of(ModelConfig model, PromptConfig prompt, String fingerprint) {
    if (model.device() == ModelConfig.Device.GPU) {
      throw new UserError(
          "Cannot use --device gpu: this version runs on the CPU only.",
          "Leave --device out, or set it to cpu.");
    }
    int threads = model.threads();
    return new ModelKey(
        model.path(),
        fingerprint,
        model.dtype(),
        "cpu",
        threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
        prompt);
  }

  SequenceLimits limits() {
    return new SequenceLimits(
        prompt.demonstrationTokens(), prompt.promptTokens(), prompt.responseTokens());
  }
}
