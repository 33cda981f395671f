package ai.icon.provenance;

/**
 * How many of what went through a run. {@link #check} holds the sums together: a row that was lost
 * or counted twice on the way breaks one of them.
 *
 * @param read rows read from all sources of the pool
 * @param rejects rows that could not be used
 * @param duplicates rows whose content had been seen before
 * @param overlap rows left out because they are assessed examples too
 * @param assessment assessed examples
 * @param assessmentFromPool those of them that were taken out of the pool
 * @param pool samples that may be selected
 * @param candidates samples drawn to be scored
 * @param scored candidates that were scored
 * @param pairs candidate × assessed example
 * @param nonFinite pairs without a finite contribution
 * @param ranked samples in the ranking
 * @param selected samples in the selection
 * @param selectedTokens their summed tokens
 */
public record Counts(
    long read,
    long rejects,
    long duplicates,
    long overlap,
    long assessment,
    long assessmentFromPool,
    long pool,
    long candidates,
    long scored,
    long pairs,
    long nonFinite,
    long ranked,
    long selected,
    long selectedTokens) {
  /**
   * Holds the counts against each other.
   *
   * @throws IllegalStateException if a sum is broken, naming the sum and its terms
   */
  public void check() {
    equal(
        "read = rejects + duplicates + overlap + assessmentFromPool + pool",
        read,
        rejects + duplicates + overlap + assessmentFromPool + pool,
        read
            + " and "
            + rejects
            + " + "
            + duplicates
            + " + "
            + overlap
            + " + "
            + assessmentFromPool
            + " + "
            + pool);
    equal(
        "pairs = scored × assessment",
        pairs,
        Math.multiplyExact(scored, assessment),
        pairs + " and " + scored + " × " + assessment);
    equal("ranked = pool", ranked, pool, ranked + " and " + pool);
    atMost("selected <= ranked", selected, ranked);
    atMost("scored <= candidates", scored, candidates);
  }

  private static void equal(String sum, long left, long right, String terms) {
    if (left != right) {
      throw broken(sum, terms);
    }
  }

  private static void atMost(String sum, long left, long right) {
    if (left > right) {
      throw broken(sum, left + " and " + right);
    }
  }

  private static IllegalStateException broken(String sum, String terms) {
    return new IllegalStateException("Invalid counts: " + sum + " must hold, got " + terms);
  }
}
