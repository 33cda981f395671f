package ai.icon.selector;

import static java.util.Objects.requireNonNull;

/**
 * A selector and what is known about its worth.
 *
 * @param selector ready to predict
 * @param report figures on examples that it was not trained on
 */
public record TrainedSelector(Selector selector, SelectorReport report) {
  /** Checks that both are given. */
  public TrainedSelector {
    requireNonNull(selector, "selector");
    requireNonNull(report, "report");
  }
}
