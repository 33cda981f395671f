package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.DeviceModel;
import ai.icon.djl.DjlTokenizer;
import ai.icon.error.UserError;
import ai.icon.loss.LossModel;
import ai.icon.prompt.ChatTemplate;
import ai.icon.prompt.PromptTemplate;
import ai.icon.prompt.RicoTemplate;
import ai.icon.prompt.SequenceBuilder;
import ai.icon.prompt.SpecialTokens;
import ai.icon.prompt.Tokenizer;
import ai.icon.selector.Embedder;
import ai.icon.spark.config.PromptConfig;
import java.util.function.Function;

/**
 * A checkpoint as an executor uses it: tokenizer and template for all tasks and devices at once,
 * the decoder for one forward pass at a time on each device. A decoder is loaded when it is first
 * asked for, so that a driver, or a stage that only tokenises, never loads a weight.
 */
public final class LoadedModel {
  private final ModelKey key;
  private final ModelRegistry registry;
  private final Checkpoint checkpoint;
  private final DjlTokenizer tokenizer;
  private final PromptTemplate template;
  private final SequenceBuilder sequences;

  /**
   * Opens the checkpoint.
   *
   * @throws UserError if it cannot be used, or is not the one that the driver saw
   */
  LoadedModel(ModelKey key, ModelRegistry registry) {
    this.key = key;
    this.registry = registry;
    this.checkpoint = Checkpoint.open(key.source().folder(key.fingerprint()));
    checkFingerprint();
    this.tokenizer = DjlTokenizer.open(checkpoint, DeviceModel.outline(checkpoint).vocabulary());
    this.template = templateOf(key, checkpoint, tokenizer);
    this.sequences = new SequenceBuilder(tokenizer, key.limits(), key.prompt().separator());
  }

  private void checkFingerprint() {
    String found = checkpoint.fingerprint();
    if (!found.equals(key.fingerprint())) {
      throw new UserError(
          "Cannot use the model "
              + key.source().location()
              + ": it is not the one that the run began with (fingerprint "
              + found.substring(0, 12)
              + ", was "
              + key.fingerprint().substring(0, 12)
              + ").",
          "Put the same checkpoint at that path on every machine, or start a new run folder.");
    }
  }

  private static PromptTemplate templateOf(
      ModelKey key, Checkpoint checkpoint, Tokenizer tokenizer) {
    if (key.prompt().template() == PromptConfig.Template.RICO) {
      return new RicoTemplate();
    }
    return ChatTemplate.of(
        checkpoint
            .chatTemplate()
            .orElseThrow(
                () ->
                    new UserError(
                        "Cannot use --template chat: the checkpoint "
                            + key.source().location()
                            + " has no chat template.",
                        "Use --template rico, or an instruction-tuned checkpoint.")),
        SpecialTokens.of(checkpoint.tokenizerConfig(), tokenizer.bos().isPresent()));
  }

  /** The checkpoint's tokenizer; safe for all tasks at once. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** How samples are written for this model. */
  public PromptTemplate template() {
    return template;
  }

  /** Most tokens of a sequence; known without loading the decoder. */
  public int contextLength() {
    return DeviceModel.outline(checkpoint).contextLength();
  }

  /** Builds token sequences under the run's limits. */
  public SequenceBuilder sequences() {
    return sequences;
  }

  /**
   * Works with the loss model while no other task uses the device that this task was given.
   *
   * @param work must not keep the model
   * @throws UserError if the device cannot be used
   * @throws ai.icon.error.ResourceError if weights cannot be loaded, or this process is ending
   */
  public <T> T score(Function<LossModel, T> work) {
    return forward(loaded -> work.apply(loaded.lossModel()));
  }

  /**
   * As {@link #score}, with the embedder.
   *
   * @throws UserError also if the model gives no hidden states
   */
  public <T> T embed(Function<Embedder, T> work) {
    return forward(loaded -> work.apply(loaded.embedder()));
  }

  private <T> T forward(Function<DeviceModel, T> work) {
    DeviceAssignment device = DeviceAssignment.ofThisTask(key.device());
    return registry.device(device).use(key.weights(), checkpoint, work);
  }

  /** Where this task computes, for reports. */
  public DeviceUse use() {
    DeviceAssignment device = DeviceAssignment.ofThisTask(key.device());
    return new DeviceUse(device, registry.loadSeconds(device.device(), key.weights()));
  }
}
