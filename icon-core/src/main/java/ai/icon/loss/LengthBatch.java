package ai.icon.loss;

import java.util.List;

/**
 * Continuations that go through the model in one call, padded to the longest.
 *
 * @param indices where each continuation stood in the list that was batched
 * @param continuations as many
 */
public record LengthBatch(List<Integer> indices, List<Continuation> continuations) {
  /** Copies both and checks that they are as many, and at least one. */
  public LengthBatch {
    indices = List.copyOf(indices);
    continuations = List.copyOf(continuations);
    if (indices.isEmpty() || indices.size() != continuations.size()) {
      throw new IllegalArgumentException(
          "Invalid batch: " + indices.size() + " indices, " + continuations.size() + " items");
    }
  }

  /** Length of the longest continuation, tokens. */
  public int width() {
    return continuations.stream().mapToInt(Continuation::length).max().orElseThrow();
  }
}
