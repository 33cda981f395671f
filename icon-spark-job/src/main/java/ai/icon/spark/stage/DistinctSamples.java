package ai.icon.spark.stage;

import ai.icon.sample.Sample;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleRow;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Sorted rows without their duplicates, tokenised as they pass: equal ids stand side by side, and
 * of each run the row that was read first stays. Two rows are in memory at a time.
 */
final class DistinctSamples implements Iterator<Tuple2<OrderKey, Row>> {
  private final Iterator<Tuple2<OrderKey, Found>> sorted;
  private final Reading reading;
  private Tuple2<OrderKey, Found> ahead;

  private DistinctSamples(Iterator<Tuple2<OrderKey, Found>> sorted, Reading reading) {
    this.sorted = sorted;
    this.reading = reading;
  }

  /**
   * An accepted row on its way through the shuffle: what a sample is made of again.
   *
   * @param source index of its source
   * @param line its line in it, from 1
   * @param raw the object as compact JSON
   */
  record Found(int source, long line, String raw) implements Serializable {
    static Found of(PoolLines.Line line) {
      return new Found(line.source(), line.line(), sample(line.row()).raw());
    }

    boolean isBefore(Found other) {
      return OrderKey.ofLine(source, line).compareTo(OrderKey.ofLine(other.source, other.line)) < 0;
    }
  }

  /**
   * How a row becomes a sample again, on an executor.
   *
   * @param names of the sources
   * @param parser that accepted the row
   * @param model counts the tokens
   */
  record Reading(List<String> names, SampleParser parser, ModelKey model) implements Serializable {
    Iterator<Tuple2<OrderKey, Row>> of(Iterator<Tuple2<OrderKey, Found>> sorted) {
      return new DistinctSamples(sorted, this);
    }

    private Row row(Found found) {
      LoadedModel loaded = ModelRegistry.model(model);
      String name = names.get(found.source());
      return SampleRows.of(sample(parser.parse(name, found.line(), found.raw())), loaded);
    }
  }

  static Sample sample(SampleRow row) {
    return ((SampleRow.Accepted) row).sample();
  }

  @Override
  public boolean hasNext() {
    return ahead != null || sorted.hasNext();
  }

  @Override
  public Tuple2<OrderKey, Row> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No sample is left");
    }
    Tuple2<OrderKey, Found> first = ahead == null ? sorted.next() : ahead;
    Found earliest = first._2();
    ahead = null;
    while (ahead == null && sorted.hasNext()) {
      Tuple2<OrderKey, Found> other = sorted.next();
      if (!other._1().equals(first._1())) {
        ahead = other;
      } else if (other._2().isBefore(earliest)) {
        earliest = other._2();
      }
    }
    return new Tuple2<>(first._1(), reading.row(earliest));
  }
}
