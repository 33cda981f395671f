package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.junit.jupiter.api.Test;

class ContributionTest {
  private static final double NAN = Double.NaN;

  @Test
  void sharesCountStrictlyAboveTheirMarks() {
    Contribution contribution = of(-1, 0, 0.25, 0.5, 0.75);

    assertThat(contribution.consistency()).isEqualTo(3 / 5.0);
    assertThat(contribution.coverage()).isEqualTo(1 / 5.0);
    assertThat(contribution.finitePairs()).isEqualTo(5);
    assertThat(contribution.sampleId()).isEqualTo("t");
    assertThat(contribution.demonstrationTokens()).isEqualTo(9);
  }

  @Test
  void significanceIsSigmoidAndClamped() {
    assertThat(of(0.01).significance()).isCloseTo(2 / (1 + Math.exp(-0.5)) - 1, within(1e-15));
    assertThat(of(-0.01).significance()).isCloseTo(1 - 2 / (1 + Math.exp(-0.5)), within(1e-15));
    assertThat(of(0.51).significance()).isEqualTo(1);
    assertThat(of(-0.51).significance()).isEqualTo(-1);
    assertThat(of(0.0).significance()).isZero();
  }

  @Test
  void pairsThatAreNotFiniteAreCountedAndLeftOut() {
    Contribution contribution = of(1, NAN, 3);

    assertThat(contribution.pairs()).isEqualTo(3);
    assertThat(contribution.finitePairs()).isEqualTo(2);
    assertThat(contribution.contribution()).isEqualTo(2);
    assertThat(contribution.consistency()).isEqualTo(1);
    assertThat(contribution.standardError()).isCloseTo(1, within(1e-15)); // √2/√2
  }

  @Test
  void withoutFinitePairNothingIsClaimed() {
    Contribution contribution = of(NAN, NAN);

    assertThat(contribution.finitePairs()).isZero();
    assertThat(contribution.pairs()).isEqualTo(2);
    assertThat(contribution.contribution()).isNaN();
    assertThat(contribution.standardError()).isNaN();
    assertThat(contribution.consistency()).isNaN();
    assertThat(contribution.stability()).isNaN();
    assertThat(contribution.coverage()).isNaN();
    assertThat(contribution.significance()).isNaN();
  }

  @Test
  void oneFinitePairHasNoSpread() {
    Contribution contribution = of(0.25, NAN);

    assertThat(contribution.contribution()).isEqualTo(0.25);
    assertThat(contribution.standardError()).isNaN();
    assertThat(contribution.stability()).isNaN();
  }

  @Test
  void groupMeansAreSortedAndKeepGroupsWithoutFinitePair() {
    Contribution contribution =
        Contribution.of(
            List.of(
                pair("a", "z", 1, 1, 4),
                pair("b", "m", 1, 1, 2),
                pair("c", "z", 1, 1, 6),
                pair("d", "a", 1, 1, NAN)),
            GroupWeights.uniform(),
            1);

    assertThat(contribution.groupContribution()).containsOnlyKeys("a", "m", "z");
    assertThat(contribution.groupContribution().firstKey()).isEqualTo("a");
    assertThat(contribution.groupContribution().get("a")).isNaN();
    assertThat(contribution.groupContribution().get("m")).isEqualTo(2);
    assertThat(contribution.groupContribution().get("z")).isEqualTo(5);
  }

  @Test
  void goldenScoreAndLossRatioComeFromTheLosses() {
    Contribution contribution =
        Contribution.of(
            List.of(
                pair("a", "g", 4, 2, 0),
                pair("b", "g", 3, 3, 0),
                pair("c", "g", 1, 4, NAN), // a lost control leaves these two figures alone
                pair("d", "g", 1, NAN, NAN)),
            GroupWeights.uniform(),
            1);

    assertThat(contribution.goldenScore()).isEqualTo(1 / 3.0);
    assertThat(contribution.lossRatio()).isCloseTo((2 + 1 + 0.25) / 3, within(1e-15));
  }

  @Test
  void weightsCountPairsByTheirGroup() {
    GroupWeights weights = GroupWeights.of(Map.of("a", 3.0), Set.of("a", "b"));

    Contribution contribution =
        Contribution.of(List.of(pair("1", "a", 1, 1, 2), pair("2", "b", 1, 1, -2)), weights, 1);

    assertThat(contribution.contribution()).isEqualTo(1); // (3·2 − 2)/4
    // deviations 1 and −3: √(9·1 + 1·9)/4 · √2
    assertThat(contribution.standardError())
        .isCloseTo(Math.sqrt(18) / 4 * Math.sqrt(2), within(1e-15));
    assertThat(contribution.stability()).isEqualTo(8); // of 2 and −2, unweighted
  }

  @Test
  void groupOfWeightZeroIsNoObservation() {
    GroupWeights weights = GroupWeights.of(Map.of("b", 0.0), Set.of("a", "b"));
    List<PairLoss> pairs =
        List.of(pair("1", "a", 1, 1, 2), pair("2", "b", 1, 1, -2), pair("3", "b", 1, 1, 9));

    Contribution contribution = Contribution.of(pairs, weights, 1);

    assertThat(contribution.contribution()).isEqualTo(2);
    assertThat(contribution.standardError()).isNaN();
    assertThat(contribution.finitePairs()).isEqualTo(3);
  }

  @Test
  void badWeightsAreRefused() {
    Set<String> groups = Set.of("a", "b");
    assertThatThrownBy(() -> GroupWeights.of(Map.of("c", 1.0), groups))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Invalid group weight: no group \"c\" in the assessment set\n"
                + "  Use one of its groups: a, b.");
    assertThatThrownBy(() -> GroupWeights.of(Map.of("a", -1.0), groups))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Invalid weight of group \"a\": must be 0 or more, got -1.0");
    assertThatThrownBy(() -> GroupWeights.of(Map.of("a", NAN), groups))
        .hasMessageStartingWith("Invalid weight of group \"a\": must be 0 or more, got NaN");
    assertThatThrownBy(() -> GroupWeights.of(Map.of("a", 0.0, "b", 0.0), groups))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Invalid group weights: at least one group must count");
  }

  @Test
  void pairsOfAnotherCandidateRepeatsAndNoPairAreRefused() {
    PairLoss pair = pair("a", "g", 1, 1, 0);
    PairLoss other = new PairLoss("u", "b", "g", 1, 1, 1, 0);
    GroupWeights uniform = GroupWeights.uniform();
    assertThatThrownBy(() -> Contribution.of(List.of(pair, other), uniform, 1))
        .hasMessage("Cannot take a contribution: pairs of t and u");
    assertThatThrownBy(() -> Contribution.of(List.of(pair, pair), uniform, 1))
        .hasMessage("Cannot take the contribution of t: twice a");
    assertThatThrownBy(() -> Contribution.of(List.of(), uniform, 1))
        .hasMessage("Cannot take a contribution: no pair");
    assertThatThrownBy(() -> pair("a", "g", 1, 1, Double.POSITIVE_INFINITY))
        .hasMessage("Invalid pair t, a: infinite contribution");
  }

  @Property(tries = 200, seed = "5327")
  void uniformFiguresAgreeWithCommonsMath(
      @ForAll @Size(min = 2, max = 40) List<@DoubleRange(min = -9, max = 9) Double> values) {
    double[] x = values.stream().mapToDouble(Double::doubleValue).toArray();

    Contribution contribution = of(x);

    assertThat(contribution.contribution()).isCloseTo(StatUtils.mean(x), within(1e-12));
    assertThat(contribution.stability()).isCloseTo(StatUtils.variance(x), within(1e-11));
    assertThat(contribution.standardError())
        .isCloseTo(Math.sqrt(StatUtils.variance(x) / x.length), within(1e-12));
  }

  @Property(tries = 200, seed = "5327")
  void weightedMeanAgreesWithCommonsMathAndItsErrorIgnoresTheScaleOfWeights(
      @ForAll @Size(min = 3, max = 20) List<@DoubleRange(min = -9, max = 9) Double> values,
      @ForAll @Size(3) List<@DoubleRange(min = 0.1, max = 5) Double> weights) {
    List<PairLoss> pairs = new ArrayList<>();
    double[] w = new double[values.size()];
    for (int i = 0; i < values.size(); i++) {
      pairs.add(pair("s" + i, "g" + i % 3, 1, 1, values.get(i)));
      w[i] = weights.get(i % 3);
    }
    double[] x = values.stream().mapToDouble(Double::doubleValue).toArray();

    Contribution one = Contribution.of(pairs, weights(weights, 1), 1);
    Contribution twice = Contribution.of(pairs, weights(weights, 2), 1);

    assertThat(one.contribution()).isCloseTo(new Mean().evaluate(x, w), within(1e-12));
    assertThat(twice.contribution()).isCloseTo(one.contribution(), within(1e-12));
    assertThat(twice.standardError()).isCloseTo(one.standardError(), within(1e-12));
  }

  private static GroupWeights weights(List<Double> weights, double factor) {
    Map<String, Double> byGroup = new TreeMap<>();
    for (int i = 0; i < weights.size(); i++) {
      byGroup.put("g" + i, factor * weights.get(i));
    }
    return GroupWeights.of(byGroup, byGroup.keySet());
  }

  private static Contribution of(double... values) {
    List<PairLoss> pairs = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      pairs.add(pair("s" + i, "g", 1, 1, values[i]));
    }
    return Contribution.of(pairs, GroupWeights.uniform(), 9);
  }

  private static PairLoss pair(
      String assessedId, String group, double baseline, double conditioned, double contribution) {
    return new PairLoss("t", assessedId, group, baseline, conditioned, 1, contribution);
  }
}
