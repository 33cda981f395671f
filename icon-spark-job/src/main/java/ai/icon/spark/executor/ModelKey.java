package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

import ai.icon.djl.Precision;
import ai.icon.prompt.SequenceLimits;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import java.io.Serializable;

/**
 * Says which model a task needs and how texts are written for it. Travels with the task, which
 * finds its device itself; two equal keys share one opened model.
 *
 * @param source where the checkpoint lies
 * @param fingerprint what the driver found there; an executor that finds another one refuses
 * @param precision type of the weights in memory
 * @param device where it is to run: {@link DeviceAssignment#ofThisTask}
 * @param threads threads of one forward pass on the CPU, at least 1
 * @param prompt template, separator and limits
 */
public record ModelKey(
    ModelSource source,
    String fingerprint,
    Precision precision,
    ModelConfig.Device device,
    int threads,
    PromptConfig prompt)
    implements Serializable {
  /** Checks that every part is given. */
  public ModelKey {
    requireNonNull(source, "source");
    requireNonNull(fingerprint, "fingerprint");
    requireNonNull(precision, "precision");
    requireNonNull(device, "device");
    requireNonNull(prompt, "prompt");
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid threads: must be at least 1, got " + threads);
    }
  }

  /**
   * The key of a model in this process alone.
   *
   * @param model type, device, and threads, where 0 stands for all cores of this machine
   * @param prompt how texts are written
   * @param source where the checkpoint lies
   * @param fingerprint of the checkpoint there
   */
  public static ModelKey of(
      ModelConfig model, PromptConfig prompt, ModelSource source, String fingerprint) {
    int threads = model.threads();
    return new ModelKey(
        source,
        fingerprint,
        model.dtype(),
        model.device(),
        threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
        prompt);
  }

  /** The same key with a number of threads, at least 1. */
  public ModelKey withThreads(int newThreads) {
    return new ModelKey(source, fingerprint, precision, device, newThreads, prompt);
  }

  /** The same key with a device. */
  public ModelKey on(ModelConfig.Device newDevice) {
    return new ModelKey(source, fingerprint, precision, newDevice, threads, prompt);
  }

  ModelDevice.Weights weights() {
    return new ModelDevice.Weights(fingerprint, precision, threads);
  }

  SequenceLimits limits() {
    return new SequenceLimits(
        prompt.demonstrationTokens(), prompt.promptTokens(), prompt.responseTokens());
  }
}
