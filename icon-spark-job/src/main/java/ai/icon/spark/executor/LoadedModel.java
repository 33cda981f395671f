package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.DjlEmbedder;
import ai.icon.djl.DjlLossModel;
import ai.icon.djl.DjlTokenizer;
import ai.icon.error.UserError;
import ai.icon.loss.LossModel;
import ai.icon.prompt.ChatTemplate;
import ai.icon.prompt.PromptTemplate;
import ai.icon.prompt.RicoTemplate;
import ai.icon.prompt.SequenceBuilder;
import ai.icon.prompt.Tokenizer;
import ai.icon.selector.Embedder;
import ai.icon.spark.config.PromptConfig;
import ai.icon.spark.progress.ProgressChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A checkpoint as an executor uses it: tokenizer and template for all tasks at once, the decoder
 * for one forward pass at a time. The decoder is loaded when it is first asked for, so that a stage
 * that only tokenises never loads a weight.
 */
public final class LoadedModel implements AutoCloseable {
  private final ModelKey key;
  private final Checkpoint checkpoint;
  private final DjlTokenizer tokenizer;
  private final PromptTemplate template;
  private final SequenceBuilder sequences;
  // Fair: tasks get the device in the order in which they asked for it.
  private final ReentrantLock device = new ReentrantLock(true);
  private DjlDecoder decoder;
  private volatile boolean isClosed;

  /**
   * Opens the checkpoint.
   *
   * @throws UserError if it cannot be used, or is not the one that the driver saw
   */
  LoadedModel(ModelKey key) {
    this.key = key;
    this.checkpoint = Checkpoint.open(Path.of(key.path()));
    checkFingerprint();
    this.tokenizer = DjlTokenizer.open(checkpoint.tokenizer(), checkpoint.tokenizerConfig());
    this.template = templateOf(key, checkpoint);
    this.sequences = new SequenceBuilder(tokenizer, key.limits(), key.prompt().separator());
  }

  private void checkFingerprint() {
    String found = checkpoint.fingerprint();
    if (!found.equals(key.fingerprint())) {
      throw new UserError(
          "Cannot use the model "
              + key.path()
              + ": it is not the one that the run began with (fingerprint "
              + found.substring(0, 12)
              + ", was "
              + key.fingerprint().substring(0, 12)
              + ").",
          "Put the same checkpoint at that path on every machine, or start a new run folder.");
    }
  }

  private static PromptTemplate templateOf(ModelKey key, Checkpoint checkpoint) {
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
                            + key.path()
                            + " has no chat template.",
                        "Use --template rico, or an instruction-tuned checkpoint.")));
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
    return DjlDecoder.spec(checkpoint).contextLength();
  }

  /** Builds token sequences under the run's limits. */
  public SequenceBuilder sequences() {
    return sequences;
  }

  /**
   * Works with the loss model while no other task uses the device.
   *
   * @param work must not keep the model
   */
  public <T> T score(Function<LossModel, T> work) {
    return forward(loaded -> work.apply(new DjlLossModel(loaded)));
  }

  /**
   * Works with the embedder while no other task uses the device.
   *
   * @param work must not keep the embedder
   */
  public <T> T embed(Function<Embedder, T> work) {
    return forward(loaded -> work.apply(new DjlEmbedder(loaded)));
  }

  private <T> T forward(Function<DjlDecoder, T> work) {
    device.lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("Cannot use the model " + key.path() + ": it is closed");
      }
      if (decoder == null) {
        long begun = System.nanoTime();
        decoder = DjlDecoder.load(checkpoint, key.precision(), key.device(), key.threads());
        ProgressChannel.modelLoaded((System.nanoTime() - begun) / 1e9);
      }
      return work.apply(decoder);
    } finally {
      device.unlock();
    }
  }

  /**
   * Waits for the forward pass that runs, turns away those that wait, and frees the weights. The
   * tokenizer is left to the end of the process: tasks may be inside it.
   */
  @Override
  public void close() {
    isClosed = true;
    device.lock();
    try {
      if (decoder != null) {
        decoder.close();
        decoder = null;
      }
    } finally {
      device.unlock();
    }
  }
}
