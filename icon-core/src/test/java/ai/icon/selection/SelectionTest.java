package ai.icon.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final RankingOrder ORDER = new RankingOrder(11);

  @Property(tries = 60)
  void smallerSelectionLiesInsideTheLarger(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 50) int first,
      @ForAll @IntRange(min = 1, max = 50) int second) {
    List<RankedSample> pool = pool(seed);
    ToLongFunction<RankedSample> tokens = sample -> 1 + (sample.id().hashCode() & 3);
    List<RankedSample> small =
        Selection.of(new Budget.Count(Math.min(first, second)), pool, SelectionTest::ten, ORDER)
            .samples();
    List<RankedSample> large =
        Selection.of(new Budget.Count(Math.max(first, second)), pool, SelectionTest::ten, ORDER)
            .samples();
    assertThat(large.subList(0, small.size())).isEqualTo(small);
    List<RankedSample> few = Selection.withinTokens(pool, Math.min(first, second), tokens, ORDER);
    List<RankedSample> more = Selection.withinTokens(pool, Math.max(first, second), tokens, ORDER);
    assertThat(more.subList(0, few.size())).isEqualTo(few);
  }

  @Property(tries = 20)
  void orderOfThePoolDoesNotMatter(@ForAll long seed) {
    List<RankedSample> pool = pool(seed);
    List<RankedSample> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(seed));
    Budget.Whole budget = (Budget.Whole) Budget.parse("30%");
    assertThat(Selection.of(budget, shuffled, SelectionTest::ten, ORDER))
        .isEqualTo(Selection.of(budget, pool, SelectionTest::ten, ORDER));
  }

  @Test
  void selectionCarriesBudgetThresholdAndTokens() {
    List<RankedSample> pool = List.of(sample("a", 1), sample("b", 3), sample("c", 2));
    Selection selection = Selection.of(new Budget.Count(2), pool, SelectionTest::ten, ORDER);
    assertThat(selection.samples()).extracting(RankedSample::id).containsExactly("b", "c");
    assertThat(selection.threshold()).isEqualTo(2);
    assertThat(selection.tokens()).isEqualTo(20);
    assertThat(selection.budget().text()).isEqualTo("2");
  }

  @Test
  void tokenBudgetStopsAtTheFirstThatDoesNotFit() {
    List<RankedSample> pool = List.of(sample("a", 3), sample("bbbbbb", 2), sample("c", 1));
    Selection selection =
        Selection.of(new Budget.Tokens(3), pool, sample -> sample.id().length(), ORDER);
    assertThat(selection.samples()).extracting(RankedSample::id).containsExactly("a");
  }

  @Test
  void tokenBudgetThatIsExactlyUsedUpFits() {
    List<RankedSample> pool = List.of(sample("a", 3), sample("b", 2), sample("c", 1));
    assertThat(Selection.of(new Budget.Tokens(20), pool, SelectionTest::ten, ORDER).samples())
        .hasSize(2);
    assertThat(Selection.of(new Budget.Tokens(19), pool, SelectionTest::ten, ORDER).samples())
        .hasSize(1);
  }

  @Test
  void budgetThatSelectsNothingIsRefused() {
    List<RankedSample> pool = List.of(sample("a", 3), sample("b", 2));
    assertThatThrownBy(() -> Selection.of(new Budget.Tokens(9), pool, SelectionTest::ten, ORDER))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the best sample has more tokens than the budget of 9tokens");
    assertThatThrownBy(() -> Selection.best(pool, 3, ORDER))
        .hasMessage("Invalid count: must be from 0 to 2, got 3");
  }

  private static long ten(RankedSample unused) {
    return 10;
  }

  private static List<RankedSample> pool(long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, 50).mapToObj(i -> sample("s" + i, random.nextInt(8))).toList();
  }

  private static RankedSample sample(String id, double score) {
    return new RankedSample(id, score, score, Double.NaN, Origin.SCORED);
  }
}
