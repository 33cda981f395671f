package ai.icon.spark.executor;

import ai.icon.error.UserError;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.LossModel;
import ai.icon.prompt.RenderedSample;
import ai.icon.prompt.Sequence;
import ai.icon.prompt.SequenceBuilder;
import ai.icon.sample.SampleBody;
import java.util.Arrays;
import java.util.List;

/** The loss of one fixed sample: a first look at whether a model makes sense of texts. */
final class SampleLoss {
  /** Short, so that the smallest context holds it, and known to any model of English. */
  static final SampleBody SAMPLE =
      new SampleBody.Instruction(
          "What is the capital of France?", "", "The capital of France is Paris.");

  private SampleLoss() {}

  /**
   * Loads the weights; those of a key that differs in the template alone are the same.
   *
   * @return the context, tokens
   * @throws UserError if the checkpoint is refused
   * @throws ai.icon.error.ResourceError if it cannot be loaded here
   */
  static int load(ModelKey key) {
    return ModelRegistry.model(key).score(LossModel::contextLength);
  }

  /**
   * Takes it, loading the weights if they are not yet.
   *
   * @return mean over the response's tokens, nats per token
   * @throws UserError if the checkpoint is refused, or gives no finite loss
   * @throws ai.icon.error.ResourceError if it cannot be loaded here
   */
  static double of(ModelKey key) {
    LoadedModel model = ModelRegistry.model(key);
    SequenceBuilder sequences = model.sequences();
    RenderedSample sample = model.template().render(SAMPLE);
    Sequence sequence = sequences.sequence(sequences.question(sample.prompt(), sample.response()));
    if (sequence.ids().length > model.contextLength()) {
      throw new UserError(
          "Cannot take the loss of the sample: it has %d tokens, the context is %d"
              .formatted(sequence.ids().length, model.contextLength()),
          "Use a checkpoint with a longer context.");
    }
    double loss = model.score(lossModel -> loss(lossModel, sequence));
    if (!Double.isFinite(loss)) {
      throw new UserError(
          "Cannot use %s: the loss of the sample is %s"
              .formatted(key.source().location(), Double.toString(loss)),
          "Try --dtype float32; if it stays so, the weights are damaged: download them again.");
    }
    return loss;
  }

  private static double loss(LossModel model, Sequence sequence) {
    int[] ids = sequence.ids();
    Continuation whole = new Continuation(ids, sequence.responseStart());
    try (EncodedPrefix nothing = model.encode(Arrays.copyOf(ids, 0))) {
      return nothing
          .losses(LengthBatches.plan(List.of(whole), whole.length()).get(0))
          .get(0)
          .meanNll();
    }
  }
}
