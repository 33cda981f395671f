package ai.icon.contribution;

/**
 * What one forward pass over a batch did.
 *
 * @param pairs continuations scored
 * @param prefixTokens tokens of the prefix, counted with its first batch; 0 with the others
 * @param tokens tokens of the continuations, padding left out
 * @param paddingTokens tokens that only fill up the batch
 * @param nonFinite losses that are no finite number
 * @param seconds that the model took, for the prefix too with its first batch
 */
public record ScoredBatch(
    int pairs, long prefixTokens, long tokens, long paddingTokens, int nonFinite, double seconds) {}
