package ai.icon.loss;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a list of continuations into batches of like length under a token budget. The cut depends on
 * the list and the budget alone, so that a fixed assessment set always meets the model in the same
 * batches (design.md, Determinism).
 */
public final class LengthBatches {
  private LengthBatches() {}

  /**
   * Plans the batches, longest first.
   *
   * @param continuations in a defined order; equal lengths keep it
   * @param tokenBudget largest number of tokens in a batch, padding included; a continuation that
   *     is longer by itself gets a batch of its own
   */
  public static List<LengthBatch> plan(List<Continuation> continuations, int tokenBudget) {
    if (tokenBudget < 1) {
      throw new IllegalArgumentException(
          "Invalid token budget: must be at least 1, got " + tokenBudget);
    }
    List<Integer> order =
        IntStream.range(0, continuations.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -continuations.get(i).length()))
            .toList();
    List<LengthBatch> batches = new ArrayList<>();
    int start = 0;
    while (start < order.size()) {
      int width = continuations.get(order.get(start)).length();
      int end = Math.min(order.size(), start + Math.max(1, tokenBudget / width));
      List<Integer> indices = order.subList(start, end);
      batches.add(new LengthBatch(indices, indices.stream().map(continuations::get).toList()));
      start = end;
    }
    return List.copyOf(batches);
  }
}
