package ai.icon.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RankingOrderTest {
  private final RankingOrder order = new RankingOrder(7);

  @Test
  void betterScoresStandFirst() {
    assertThat(order.compare(sample("a", 0.2), sample("b", 0.1))).isNegative();
    assertThat(order.compare(sample("a", -0.2), sample("b", -0.1))).isPositive();
  }

  @Test
  void tiesAreBrokenByTheUnsignedHash() {
    List<String> ids = IntStream.range(0, 64).mapToObj(i -> "s" + i).toList();
    List<String> ranked =
        ids.stream().map(id -> sample(id, 1)).sorted(order).map(RankedSample::id).toList();
    Comparator<String> byHash =
        (a, b) -> Long.compareUnsigned(order.tieBreak(a), order.tieBreak(b));
    assertThat(ranked).isEqualTo(ids.stream().sorted(byHash).toList());
    // Both signs must occur, or signed and unsigned order could not be told apart.
    assertThat(ids).anyMatch(id -> order.tieBreak(id) < 0).anyMatch(id -> order.tieBreak(id) > 0);
  }

  @Test
  void anotherSeedBreaksTiesOtherwise() {
    List<RankedSample> samples = IntStream.range(0, 20).mapToObj(i -> sample("s" + i, 1)).toList();
    assertThat(samples.stream().sorted(order).toList())
        .isNotEqualTo(samples.stream().sorted(new RankingOrder(8)).toList());
  }

  @Test
  void bothZerosAreOneScore() {
    RankedSample minus = sample("a", -0.0);
    RankedSample plus = sample("b", 0.0);
    int byHash = Long.compareUnsigned(order.tieBreak("a"), order.tieBreak("b"));
    assertThat(Integer.signum(order.compare(minus, plus))).isEqualTo(Integer.signum(byHash));
    assertThat(Integer.signum(order.compare(sample("a", 0.0), sample("b", -0.0))))
        .isEqualTo(Integer.signum(byHash));
  }

  @Test
  void orderSurvivesSerialisation() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(order);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((RankingOrder) in.readObject()).tieBreak("x")).isEqualTo(order.tieBreak("x"));
    }
  }

  @Property
  void keysOrderAsScoresDo(@ForAll double first, @ForAll double second) {
    int byKey = Long.compareUnsigned(ScoreKey.of(first), ScoreKey.of(second));
    int byScore = first == second ? 0 : first > second ? -1 : 1;
    assertThat(Integer.signum(byKey)).isEqualTo(byScore);
    assertThat(ScoreKey.score(ScoreKey.of(first))).isEqualTo(first + 0.0);
  }

  @Test
  void keysOrderInfinitiesAndRefuseNaN() {
    assertThat(ScoreKey.of(Double.POSITIVE_INFINITY)).isLessThan(ScoreKey.of(Double.MAX_VALUE));
    assertThat(
            Long.compareUnsigned(
                ScoreKey.of(-Double.MAX_VALUE), ScoreKey.of(Double.NEGATIVE_INFINITY)))
        .isNegative();
    assertThatThrownBy(() -> ScoreKey.of(Double.NaN))
        .hasMessage("Invalid score: must be a number, got NaN");
  }

  private static RankedSample sample(String id, double score) {
    return new RankedSample(id, score, score, Double.NaN, Origin.SCORED);
  }
}
