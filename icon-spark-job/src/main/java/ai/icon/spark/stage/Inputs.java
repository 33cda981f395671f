package ai.icon.spark.stage;

import ai.icon.sample.SeededHash;
import ai.icon.spark.config.PromptConfig;
import java.util.SortedMap;
import java.util.TreeMap;

/** What several stages depend on, in the words of their fingerprints. */
final class Inputs {
  /** The pool's order is no draw: it only spreads rows, and is the same for every run. */
  private static final long POOL_ORDER = 0;

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
    inputs.put("model.threads", Integer.toString(context.model().threads()));
    inputs.put("score.batchTokens", Integer.toString(context.config().score().batchTokens()));
    return inputs;
  }
}
