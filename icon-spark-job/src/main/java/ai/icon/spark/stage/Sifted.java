package ai.icon.spark.stage;

import ai.icon.sample.Reject;
import ai.icon.sample.SampleRow;
import ai.icon.spark.stage.PoolLines.Line;
import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a first reading of the sources leaves: the rejects as they come, and behind those of each
 * partition one tally. Accepted rows are counted and let go.
 */
sealed interface Sifted extends Serializable {
  /** A row that cannot be used. */
  record Rejected(OrderKey place, Reject reject) implements Sifted {}

  /**
   * What a partition held.
   *
   * @param read its rows
   * @param rejects those that cannot be used
   * @param columns those of the wanted columns that one of its rows had
   * @param first the columns of its first row; empty where nobody asked for columns
   */
  record Tally(long read, long rejects, Set<String> columns, Set<String> first) implements Sifted {
    static Tally none() {
      return new Tally(0, 0, Set.of(), Set.of());
    }

    /** Both together; the first row is that of the first that has any. */
    Tally and(Tally other) {
      Set<String> both = new TreeSet<>(columns);
      both.addAll(other.columns);
      return new Tally(
          read + other.read, rejects + other.rejects, both, first.isEmpty() ? other.first : first);
    }
  }

  /** Reads a partition to its end, one row in memory at a time. */
  static Iterator<Sifted> of(Iterator<Line> lines, Set<String> wantedColumns) {
    return new Sieve(lines, wantedColumns);
  }

  /** Looks ahead to the next reject. */
  final class Sieve implements Iterator<Sifted> {
    private final Iterator<Line> lines;
    private final Set<String> wanted;
    private final Set<String> seen = new TreeSet<>();
    private Set<String> first = Set.of();
    private long read;
    private long rejects;
    private Rejected next;
    private boolean isTold;

    private Sieve(Iterator<Line> lines, Set<String> wanted) {
      this.lines = lines;
      this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
      while (next == null && lines.hasNext()) {
        Line line = lines.next();
        look(line);
        if (line.row() instanceof SampleRow.Rejected rejected) {
          rejects++;
          next = new Rejected(line.place(), rejected.reject());
        }
      }
      return next != null || !isTold;
    }

    private void look(Line line) {
      boolean isFirst = read++ == 0;
      if (!wanted.isEmpty() && (isFirst || seen.size() < wanted.size())) {
        Set<String> columns = line.columns();
        first = isFirst ? columns : first;
        wanted.stream().filter(columns::contains).forEach(seen::add);
      }
    }

    @Override
    public Sifted next() {
      if (!hasNext()) {
        throw new NoSuchElementException("The tally was the last");
      }
      if (next != null) {
        Rejected reject = next;
        next = null;
        return reject;
      }
      isTold = true;
      return new Tally(read, rejects, new TreeSet<>(seen), first);
    }
  }
}
