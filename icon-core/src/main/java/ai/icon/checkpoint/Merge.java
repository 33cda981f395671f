package ai.icon.checkpoint;

/**
 * Two tokens that a BPE tokenizer joins into one.
 *
 * @param left the one in front
 * @param right the one behind it
 */
record Merge(String left, String right) {}
