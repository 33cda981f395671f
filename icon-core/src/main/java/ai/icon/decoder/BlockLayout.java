package ai.icon.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of one block in the order in which the program reads them: the one place that knows
 * which ones a spec has.
 */
final class BlockLayout {
  /** A tensor of the block: a role's weight or bias, of the expert or head that has its own. */
  record Part(Role role, boolean isBias, int index) {}

  private final List<Part> parts = new ArrayList<>();

  private BlockLayout() {}

  /** The layout of a block of a spec. */
  static BlockLayout of(DecoderSpec spec, FeedForward feedForward) {
    BlockLayout layout = new BlockLayout();
    Attention attention = spec.attention();
    Placement placement = spec.placement();
    if (placement.isNormedBefore()) {
      layout.norm(spec, Role.ATTENTION_NORM);
    }
    layout.linear(Role.QUERY, attention.inputBias());
    layout.linear(Role.KEY, attention.inputBias());
    layout.linear(Role.VALUE, attention.inputBias());
    if (attention.queryKeyNorm() == Attention.QueryKeyNorm.OWN) {
      layout.each(Role.QUERY_NORM, attention.heads());
      layout.each(Role.KEY_NORM, attention.keyValueHeads());
    } else if (attention.queryKeyNorm() != Attention.QueryKeyNorm.NONE) {
      layout.norm(spec, Role.QUERY_NORM);
      layout.norm(spec, Role.KEY_NORM);
    }
    layout.linear(Role.ATTENTION_OUTPUT, attention.outputBias());
    if (placement.isNormedBehind()) {
      layout.norm(spec, Role.ATTENTION_POST_NORM);
    }
    if (placement.hasFeedForwardNorm()) {
      layout.norm(spec, Role.FEED_FORWARD_NORM);
    }
    layout.feedForward(feedForward);
    if (placement.isNormedBehind()) {
      layout.norm(spec, Role.FEED_FORWARD_POST_NORM);
    }
    return layout;
  }

  private void feedForward(FeedForward feedForward) {
    if (feedForward instanceof FeedForward.Dense dense) {
      if (dense.isGated()) {
        linear(Role.GATE, dense.hasBias());
      }
      linear(Role.UP, dense.hasBias());
      linear(Role.DOWN, dense.hasBias());
    } else if (feedForward instanceof FeedForward.Experts experts) {
      linear(Role.ROUTER, false);
      for (int expert = 0; expert < experts.experts(); expert++) {
        parts.add(new Part(Role.EXPERT_GATE, false, expert));
        parts.add(new Part(Role.EXPERT_UP, false, expert));
        parts.add(new Part(Role.EXPERT_DOWN, false, expert));
      }
    }
  }

  private void each(Role role, int heads) {
    for (int head = 0; head < heads; head++) {
      parts.add(new Part(role, false, head));
    }
  }

  private void norm(DecoderSpec spec, Role role) {
    linear(role, spec.norm().kind().hasBias());
  }

  private void linear(Role role, boolean hasBias) {
    parts.add(new Part(role, false, 0));
    if (hasBias) {
      parts.add(new Part(role, true, 0));
    }
  }

  /** All tensors in their order. */
  List<Part> parts() {
    return List.copyOf(parts);
  }

  /** How many tensors the block has. */
  int size() {
    return parts.size();
  }

  /**
   * Where a role's weight stands, from the first tensor of the block; of the first expert or head.
   */
  int place(Role role) {
    int place = parts.indexOf(new Part(role, false, 0));
    if (place < 0) {
      throw new IllegalArgumentException("Invalid role: the block has no " + role);
    }
    return place;
  }

  /** Whether a bias stands behind a role's weight. */
  boolean hasBias(Role role) {
    return parts.contains(new Part(role, true, 0));
  }
}
