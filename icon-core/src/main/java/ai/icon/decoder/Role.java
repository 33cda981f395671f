package ai.icon.decoder;

/** What a tensor does in a decoder, whatever its checkpoint calls it. */
public enum Role {
  /** Token embedding, [vocabulary, hidden]. */
  EMBEDDING,
  /** Learned positions, [context, hidden]. */
  POSITIONS,
  /** The norm in front of attention. */
  ATTENTION_NORM,
  /** Queries, [heads · head dimension, hidden]. */
  QUERY,
  /** Keys, [key heads · head dimension, hidden]. */
  KEY,
  /** Values, [key heads · head dimension, hidden]. */
  VALUE,
  /** The norm of queries. */
  QUERY_NORM,
  /** The norm of keys. */
  KEY_NORM,
  /** Attention's way back to the residual stream, [hidden, heads · head dimension]. */
  ATTENTION_OUTPUT,
  /** The norm behind attention. */
  ATTENTION_POST_NORM,
  /** The norm in front of the feed-forward. */
  FEED_FORWARD_NORM,
  /** What the activation is applied to where the feed-forward is gated, [intermediate, hidden]. */
  GATE,
  /** The feed-forward's way up, [intermediate, hidden]. */
  UP,
  /** The feed-forward's way down, [hidden, intermediate]. */
  DOWN,
  /** Which experts take a token, [experts, hidden]. */
  ROUTER,
  /** As GATE, of one expert. */
  EXPERT_GATE,
  /** As UP, of one expert. */
  EXPERT_UP,
  /** As DOWN, of one expert. */
  EXPERT_DOWN,
  /** The norm behind the feed-forward. */
  FEED_FORWARD_POST_NORM,
  /** The norm behind the last block. */
  FINAL_NORM,
  /** Output projection, [vocabulary, hidden], where it is not the embedding. */
  HEAD
}
