package ai.icon.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {
  private static final RankingOrder ORDER = new RankingOrder(3);

  private static long tokens(RankedSample sample) {
    return sample.id().hashCode() & 15;
  }

  /** Few distinct scores close together, so that bins are shared and ties happen. */
  private static List<RankedSample> pool(long seed, int size) {
    Random random = new Random(seed);
    return IntStream.range(0, size)
        .mapToObj(
            i -> {
              double score =
                  random.nextInt(3) == 0
                      ? random.nextInt(3) - 1
                      : 0.01 + random.nextInt(40) * 1e-6 - (random.nextBoolean() ? 0.02 : 0);
              return new RankedSample("s" + i, score, score, Double.NaN, Origin.SCORED);
            })
        .toList();
  }

  @Property(tries = 60)
  void cutAndBoundaryBinGiveWhatSortingGives(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int size, @ForAll long draw) {
    List<RankedSample> pool = pool(seed, size);
    long k = 1 + Math.floorMod(draw, (long) size);
    ScoreHistogram histogram = filled(new ScoreHistogram(), pool);
    Cut cut = histogram.cut(k);
    Cut fine = filled(histogram.refine(cut), pool).cut(cut.remaining());
    assertThat(assembled(pool, cut, bin -> Selection.best(bin, cut.remaining(), ORDER)))
        .isEqualTo(Selection.best(pool, k, ORDER));
    assertThat(cut.above()).isLessThan(k).isEqualTo(k - cut.remaining());
    assertThat(cut.remaining()).isLessThanOrEqualTo(cut.inBin());
    assertThat(cut.above() + fine.above() + fine.remaining()).isEqualTo(k);
    assertThat(fine.inBin()).isLessThanOrEqualTo(cut.inBin());
    double kth = Selection.best(pool, k, ORDER).get((int) k - 1).score();
    assertThat(cut.isInBin(kth) && fine.isInBin(kth)).isTrue();
    assertThat(cut.isAbove(kth)).isFalse();
  }

  @Property(tries = 60)
  void cutByWeightGivesTheLongestPrefixWithin(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int size, @ForAll long draw) {
    List<RankedSample> pool = pool(seed, size);
    long total = pool.stream().mapToLong(ScoreHistogramTest::tokens).sum();
    long budget = 1 + Math.floorMod(draw, total + 5);
    Cut cut = filled(new ScoreHistogram(), pool).cutByWeight(budget);
    assertThat(
            assembled(
                pool,
                cut,
                bin ->
                    Selection.withinTokens(
                        bin, cut.remaining(), ScoreHistogramTest::tokens, ORDER)))
        .isEqualTo(Selection.withinTokens(pool, budget, ScoreHistogramTest::tokens, ORDER));
  }

  @Property(tries = 30)
  void mergingIsAddingInAnyOrder(@ForAll long seed) {
    List<RankedSample> pool = pool(seed, 100);
    ScoreHistogram whole = filled(new ScoreHistogram(), pool);
    ScoreHistogram parts =
        filled(new ScoreHistogram(), pool.subList(60, 100))
            .merge(filled(new ScoreHistogram(), pool.subList(0, 60)));
    assertThat(parts.count()).isEqualTo(100);
    assertThat(parts.weight()).isEqualTo(whole.weight());
    for (long k = 1; k <= 100; k += 11) {
      assertThat(parts.cut(k)).isEqualTo(whole.cut(k));
    }
  }

  @Test
  void refiningThreeTimesLeavesOneScore() {
    double next = Math.nextUp(0.5);
    ScoreHistogram histogram = new ScoreHistogram();
    histogram.add(0.5, 1).add(next, 2).add(0.25, 4);
    Cut cut = histogram.cut(1);
    assertThat(cut.inBin()).isEqualTo(2);
    for (int i = 0; i < 3; i++) {
      histogram = histogram.refine(cut).add(0.5, 1).add(next, 2).add(0.25, 4);
      cut = histogram.cut(cut.remaining());
    }
    assertThat(cut.inBin()).isEqualTo(1);
    assertThat(cut.weightInBin()).isEqualTo(2);
    assertThat(ScoreKey.score(cut.firstKey())).isEqualTo(next);
    assertThat(cut.firstKey()).isEqualTo(cut.lastKey());
    ScoreHistogram finest = histogram;
    Cut last = cut;
    assertThatThrownBy(() -> finest.refine(last))
        .hasMessage("Cannot refine: the bin holds the one score " + next);
    assertThatThrownBy(() -> new ScoreHistogram().refine(last))
        .hasMessage("Cannot refine: the cut is not of this histogram");
    assertThatThrownBy(() -> finest.merge(new ScoreHistogram()))
        .hasMessageContaining("different ranges");
  }

  @Test
  void everythingFitsIntoALargeTokenBudget() {
    ScoreHistogram histogram = new ScoreHistogram().add(2, 5).add(1, 7);
    Cut cut = histogram.cutByWeight(Long.MAX_VALUE);
    assertThat(cut.above()).isEqualTo(1);
    assertThat(cut.weightAbove()).isEqualTo(5);
    assertThat(cut.remaining()).isEqualTo(7);
  }

  @Property(tries = 40)
  void rangesSplitTheRankingInOrderAndAboutEqually(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int parts) {
    Random random = new Random(seed);
    double[] scores = random.doubles(3000).map(u -> Math.exp(20 * (u - 0.5))).toArray();
    ScoreHistogram histogram = new ScoreHistogram();
    for (double score : scores) {
      histogram.add(score, 1);
    }
    KeyRanges ranges = new KeyRanges(histogram.boundaries(parts));
    assertThat(ranges.count()).isEqualTo(parts);
    List<List<Double>> found = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      found.add(new ArrayList<>());
    }
    for (double score : scores) {
      found.get(ranges.of(score)).add(score);
    }
    double worst = Double.POSITIVE_INFINITY;
    for (List<Double> range : found) {
      assertThat(range.size()).isBetween(3000 / parts - 60, 3000 / parts + 60);
      assertThat(range.stream().mapToDouble(x -> x).max().orElseThrow()).isLessThan(worst);
      worst = range.stream().mapToDouble(x -> x).min().orElseThrow();
    }
  }

  @Test
  void oneScoreMakesOneRange() {
    ScoreHistogram histogram = new ScoreHistogram();
    for (int i = 0; i < 50; i++) {
      histogram.add(0.5, 1);
    }
    assertThat(histogram.boundaries(8)).isEmpty();
    assertThat(new ScoreHistogram().boundaries(8)).isEmpty();
  }

  @Test
  void whatCannotBeCutIsRefused() {
    ScoreHistogram histogram = new ScoreHistogram().add(1, 1);
    assertThatThrownBy(() -> histogram.cut(0))
        .hasMessage("Invalid k: must be from 1 to 1 samples, got 0");
    assertThatThrownBy(() -> histogram.cut(2))
        .hasMessage("Invalid k: must be from 1 to 1 samples, got 2");
    assertThatThrownBy(() -> histogram.cutByWeight(0)).hasMessageContaining("got 0 and 1");
    assertThatThrownBy(() -> histogram.boundaries(0)).hasMessageContaining("at least 1, got 0");
    assertThatThrownBy(() -> histogram.add(1, -1)).hasMessageContaining("at least 0, got -1");
    assertThatThrownBy(() -> histogram.add(Double.NaN, 1)).hasMessageContaining("got NaN");
    assertThatThrownBy(() -> new KeyRanges(List.of(-1L, 1L)))
        .hasMessageContaining("boundaries must rise, got ffffffffffffffff before 1");
  }

  private static ScoreHistogram filled(ScoreHistogram histogram, List<RankedSample> pool) {
    pool.forEach(sample -> histogram.add(sample.score(), tokens(sample)));
    return histogram;
  }

  private interface Finish {
    List<RankedSample> of(List<RankedSample> bin);
  }

  private static List<RankedSample> assembled(List<RankedSample> pool, Cut cut, Finish finish) {
    List<RankedSample> selected =
        new ArrayList<>(pool.stream().filter(s -> cut.isAbove(s.score())).toList());
    selected.addAll(finish.of(pool.stream().filter(s -> cut.isInBin(s.score())).toList()));
    return selected.stream().sorted(ORDER).toList();
  }
}
