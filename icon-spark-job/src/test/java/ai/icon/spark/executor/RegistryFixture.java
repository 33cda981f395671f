package ai.icon.spark.executor;

import ai.icon.djl.Precision;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.LossModel;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A small model, and real forward passes of it. */
final class RegistryFixture {
  static final String MODEL = "../tools/tiny-icl/model";

  private RegistryFixture() {}

  /** A key of the model; separators tell keys apart that share weights. */
  static ModelKey key(String separator) {
    ModelConfig model = new ModelConfig(MODEL, Precision.FLOAT32, ModelConfig.Device.AUTO, 1, "");
    return ModelKey.of(
        model,
        new PromptConfig(PromptConfig.Template.RICO, separator, 100, 100, 100),
        ModelSource.of(model),
        ModelSummary.of(MODEL).fingerprint());
  }

  /** One prefix and one batch: two native calls. */
  static double pass(LossModel model) {
    int[] ids = IntStream.range(1, 60).toArray();
    Continuation continuation = new Continuation(ids, 30);
    List<Continuation> rows = Stream.generate(() -> continuation).limit(8).toList();
    try (EncodedPrefix prefix = model.encode(ids)) {
      return prefix.losses(LengthBatches.plan(rows, 1000).get(0)).get(0).meanNll();
    }
  }

  /** A process of its own: forward passes by two threads until it is ended. */
  public static void main(String[] arguments) {
    ModelKey key = key("\n");
    for (int i = 0; i < 2; i++) {
      new Thread(
              () -> {
                while (true) {
                  ModelRegistry.model(key).score(RegistryFixture::pass);
                }
              })
          .start();
    }
    ModelRegistry.model(key).score(RegistryFixture::pass);
    System.out.println("computing");
  }
}
