package ai.icon.spark.stage;

import ai.icon.sample.SeededHash;
import ai.icon.spark.config.PromptConfig;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What several stages depend on, in the words of their fingerprints. */
final class Inputs {
  /** The pool's order is no draw: it only spreads rows, and is the same for every run. */
  private static final long POOL_ORDER = 0;

  /** Name of the number of threads among a stage's inputs. */
  static final String THREADS = "model.threads";

  private Inputs() {}

  static SeededHash poolOrder() {
    return new SeededHash(POOL_ORDER, "pool order");
  }

  /** How texts are written and cut. */
  static SortedMap<String, String> prompt(StageContext context) {
    PromptConfig prompt = context.config().prompt();
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", context.model().fingerprint());
    inputs.put("prompt.template", prompt.template().text());
    inputs.put("prompt.separator", prompt.separator());
    inputs.put("prompt.demonstrationTokens", Integer.toString(prompt.demonstrationTokens()));
    inputs.put("prompt.promptTokens", Integer.toString(prompt.promptTokens()));
    inputs.put("prompt.responseTokens", Integer.toString(prompt.responseTokens()));
    return inputs;
  }

  /** What moves the bits of a loss. */
  static SortedMap<String, String> forward(StageContext context) {
    SortedMap<String, String> inputs = prompt(context);
    inputs.put("model.dtype", context.model().precision().text());
    inputs.put("device", context.model().device().text());
    inputs.put(THREADS, Integer.toString(context.model().threads()));
    inputs.put("score.batchTokens", Integer.toString(context.config().score().batchTokens()));
    return inputs;
  }

  /** An input as the first stage noted it that has it, finished or begun; empty if none has. */
  static Optional<String> noted(RunFolder folder, String name) throws IOException {
    for (StageName stage : StageName.values()) {
      Optional<String> value = folder.inputs(stage).map(inputs -> inputs.values().get(name));
      if (value.isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }
}
