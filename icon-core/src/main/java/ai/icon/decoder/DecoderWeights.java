package ai.icon.decoder;

import ai.icon.decoder.DecoderWeight.Runs;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a decoder in the order in which {@link DecoderProgram} reads them, behind the
 * frequencies of {@link DecoderSpec#rotaries()}: embedding, learned positions if there are any,
 * block after block, last norm, output projection if it is not the embedding.
 */
public final class DecoderWeights {
  private final DecoderSpec spec;
  private final List<DecoderWeight> weights = new ArrayList<>();

  private DecoderWeights(DecoderSpec spec) {
    this.spec = spec;
  }

  /** All tensors, by the names that the family's checkpoints give them. */
  public static List<DecoderWeight> of(DecoderSpec spec) {
    DecoderWeights all = new DecoderWeights(spec);
    all.add(Role.EMBEDDING, spec.vocabulary(), spec.hidden());
    if (spec.embedding().hasPositions()) {
      all.add(Role.POSITIONS, spec.contextLength(), spec.hidden());
    }
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      FeedForward feedForward = spec.layers().get(layer).feedForward();
      for (BlockLayout.Part part : BlockLayout.of(spec, feedForward).parts()) {
        all.addPart(part, layer, feedForward);
      }
    }
    all.addNorm(new BlockLayout.Part(Role.FINAL_NORM, false, 0), 0, spec.hidden());
    if (spec.norm().kind().hasBias()) {
      all.addNorm(new BlockLayout.Part(Role.FINAL_NORM, true, 0), 0, spec.hidden());
    }
    if (!spec.head().isTied()) {
      all.add(Role.HEAD, spec.vocabulary(), spec.hidden());
    }
    return List.copyOf(all.weights);
  }

  private void addPart(BlockLayout.Part part, int layer, FeedForward feedForward) {
    Attention attention = spec.attention();
    long hidden = spec.hidden();
    long inner = feedForward.intermediate();
    long queries = attention.queryWidth();
    long keys = attention.keyWidth();
    boolean isByHead = attention.queryKeyNorm() != Attention.QueryKeyNorm.WIDTH;
    switch (part.role()) {
      case QUERY -> addLinear(part, layer, queries, hidden);
      case KEY, VALUE -> addLinear(part, layer, keys, hidden);
      case ATTENTION_OUTPUT -> addLinear(part, layer, hidden, queries);
      case GATE, UP, EXPERT_GATE, EXPERT_UP -> addLinear(part, layer, inner, hidden);
      case DOWN, EXPERT_DOWN -> addLinear(part, layer, hidden, inner);
      case ROUTER -> addLinear(part, layer, ((FeedForward.Experts) feedForward).experts(), hidden);
      case QUERY_NORM -> addNorm(part, layer, isByHead ? attention.headDimension() : queries);
      case KEY_NORM -> addNorm(part, layer, isByHead ? attention.headDimension() : keys);
      case ATTENTION_NORM, ATTENTION_POST_NORM, FEED_FORWARD_NORM, FEED_FORWARD_POST_NORM ->
          addNorm(part, layer, hidden);
      case EMBEDDING, POSITIONS, FINAL_NORM, HEAD ->
          throw new IllegalArgumentException("Invalid part of a block: " + part);
    }
  }

  /** A projection [out, in] or its bias [out], out of the tensor that it may share with others. */
  private void addLinear(BlockLayout.Part part, int layer, long out, long in) {
    Share share = share(part.role(), out);
    boolean isTransposed = spec.names().isTransposed() && !part.isBias();
    List<Long> shape = part.isBias() ? List.of(share.rows) : List.of(share.rows, in);
    add(
        spec.names().name(part.role(), layer, part.index()) + suffix(part.isBias()),
        isTransposed ? List.of(in, share.rows) : shape,
        share.runs,
        isTransposed,
        false,
        0);
  }

  /** Which rows of a tensor of so many rows are a role's. */
  private record Share(long rows, Runs runs) {}

  private Share share(Role role, long out) {
    WeightNames names = spec.names();
    Attention attention = spec.attention();
    long queries = attention.queryWidth();
    long keys = attention.keyWidth();
    boolean isAttention = role == Role.QUERY || role == Role.KEY || role == Role.VALUE;
    if (isAttention && names.isPacked(Role.QUERY, Role.KEY)) {
      int index = role == Role.QUERY ? 0 : role == Role.KEY ? 1 : 2;
      if (names.packing() == WeightNames.Packing.BY_HEAD) {
        long size = attention.headDimension();
        return new Share(3 * queries, new Runs(index * size, size, 3 * size, attention.heads()));
      }
      long first = index == 0 ? 0 : queries + (index - 1) * keys;
      return new Share(queries + 2 * keys, Runs.slice(first, out));
    }
    if ((role == Role.GATE || role == Role.UP) && names.isPacked(Role.GATE, Role.UP)) {
      return new Share(2 * out, Runs.slice(role == Role.GATE ? 0 : out, out));
    }
    return new Share(out, Runs.slice(0, out));
  }

  private void addNorm(BlockLayout.Part part, int layer, long size) {
    boolean isPlusOne = spec.norm().kind() == Norm.Kind.RMS_PLUS_ONE;
    add(
        spec.names().name(part.role(), layer, part.index()) + suffix(part.isBias()),
        List.of(size),
        Runs.slice(0, size),
        false,
        true,
        isPlusOne ? 1 : 0);
  }

  private void add(Role role, long rows, long columns) {
    add(
        spec.names().name(role, 0, 0) + suffix(false),
        List.of(rows, columns),
        Runs.slice(0, rows),
        false,
        false,
        0);
  }

  private void add(
      String name,
      List<Long> shape,
      Runs rows,
      boolean isTransposed,
      boolean isExact,
      double offset) {
    String bare = spec.names().bare(name);
    weights.add(new DecoderWeight(name, bare, shape, rows, isTransposed, isExact, offset));
  }

  private static String suffix(boolean isBias) {
    return isBias ? ".bias" : ".weight";
  }
}
