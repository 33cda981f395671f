package ai.icon.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import ai.icon.sample.SeededHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectorTrainerTest {
  private static final TrainingOptions OPTIONS = TrainingOptions.defaults(1, SelectorKind.PROBE);

  /** Contribution = signal · first feature + lengthEffect · log tokens + a little noise. */
  private static List<TrainingExample> examples(int count, double signal, double lengthEffect) {
    Random random = new Random(count);
    List<TrainingExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] features = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
      int tokens = 1 + random.nextInt(500);
      double contribution =
          signal * features[0] + lengthEffect * Math.log1p(tokens) + 0.1 * random.nextGaussian();
      examples.add(new TrainingExample("s" + i, features, contribution, 0.05, tokens));
    }
    return examples;
  }

  @Test
  void plantedSignalIsUsableAndBeatsLength() {
    TrainedSelector trained = SelectorTrainer.train(examples(400, 1, 0), OPTIONS);
    SelectorReport report = trained.report();
    assertThat(report.split().evaluatedOn()).isEqualTo("hold-out");
    assertThat(report.agreement().rankCorrelation()).isGreaterThan(0.95);
    assertThat(report.agreement().auroc()).isGreaterThan(0.95);
    assertThat(report.beatsLength()).isTrue();
    assertThat(report.trust()).isEqualTo(Trust.USABLE);
    // noise variance 0.01 less se² 0.0025
    assertThat(report.signalVariance()).isBetween(0.003, 0.015);
    assertThat(report.signalVariance())
        .isCloseTo(report.residualVariance() - 0.0025, within(1e-12));
    assertThat(trained.selector().predicted(new double[] {1, 0, 0})).isCloseTo(1, within(0.1));
    assertThat(report.describe()).contains("judged by hold-out", "USABLE: It ranks unseen");
  }

  @Test
  void aFewBottomlessContributionsDoNotRuleTheSelector() {
    List<TrainingExample> examples = new ArrayList<>(examples(400, 1, 0));
    for (int i = 0; i < 20; i++) {
      TrainingExample one = examples.get(i);
      examples.set(i, new TrainingExample(one.id(), one.features(), -1_000 - i, 400, one.tokens()));
    }

    TrainedSelector trained = SelectorTrainer.train(examples, OPTIONS);

    assertThat(trained.report().split().clipped()).isEqualTo(20);
    assertThat(trained.selector().predicted(new double[] {1, 0, 0})).isCloseTo(1, within(0.5));
    // The residuals of what is not clipped, whose errors are 0.05; not those of -1,000 and 400.
    assertThat(trained.report().meanSquaredStandardError()).isCloseTo(0.0025, within(1e-12));
    assertThat(trained.report().residualVariance()).isLessThan(1);
  }

  @Test
  void fencesAreThreeInterquartileRangesOut() {
    Fences fences = Fences.of(new double[] {1, 2, 3, 4, 5}); // quartiles 2 and 4
    assertThat(fences).isEqualTo(new Fences(-4, 10));
    assertThat(fences.clip(-100)).isEqualTo(-4);
    assertThat(fences.clip(7)).isEqualTo(7);
    assertThat(fences.outside(new double[] {-4, -5, 10, 11})).isEqualTo(2);
    assertThat(Fences.of(new double[] {2, 2, 2, 2, 9}).holds(-1e9)).isTrue();
  }

  @Test
  void selectorThatOnlyLengthExplainsIsReported() {
    SelectorReport report = SelectorTrainer.train(examples(400, 0.05, 1), OPTIONS).report();
    assertThat(report.lengthOnly().rankCorrelation()).isGreaterThan(0.8);
    assertThat(report.beatsLength()).isFalse();
    assertThat(report.trust()).isIn(Trust.NO_BETTER_THAN_LENGTH, Trust.NO_SIGNAL);
  }

  @Test
  void holdOutIsDrawnByHashAndNotTrainedOn() {
    List<TrainingExample> examples = examples(200, 1, 0);
    SeededHash hash = new SeededHash(1, "hold-out");
    List<TrainingExample> spoilt = new ArrayList<>();
    int held = 0;
    for (TrainingExample example : examples) {
      boolean out = hash.share(example.id()) < 0.10;
      held += out ? 1 : 0;
      spoilt.add(
          out
              ? new TrainingExample(example.id(), example.features(), -99, 0.05, example.tokens())
              : example);
    }
    TrainedSelector trained = SelectorTrainer.train(examples, OPTIONS);
    assertThat(trained.report().split())
        .isEqualTo(new SelectorReport.Split(200 - held, held, 0, 0));
    assertThat(SelectorTrainer.train(spoilt, OPTIONS).selector()).isEqualTo(trained.selector());
  }

  @Test
  void orderOfTheExamplesDoesNotMatter() {
    List<TrainingExample> examples = examples(90, 1, 0.2);
    List<TrainingExample> shuffled = new ArrayList<>(examples);
    Collections.shuffle(shuffled, new Random(3));
    assertThat(SelectorTrainer.train(shuffled, OPTIONS))
        .isEqualTo(SelectorTrainer.train(examples, OPTIONS));
  }

  @Test
  void fewExamplesAreJudgedByLeaveOneOutAndUnreliable() {
    SelectorReport report = SelectorTrainer.train(examples(12, 1, 0), OPTIONS).report();
    assertThat(report.split()).isEqualTo(new SelectorReport.Split(12, 0, 0, 0));
    assertThat(report.split().evaluatedOn()).isEqualTo("leave-one-out");
    assertThat(report.agreement().rankCorrelation()).isGreaterThan(0.8);
    assertThat(report.trust()).isEqualTo(Trust.UNRELIABLE);
    assertThat(report.trustReason()).startsWith("Only 12 scored candidates: below 50");
  }

  @Test
  void oneExampleStillRuns() {
    TrainedSelector trained = SelectorTrainer.train(examples(1, 1, 0), OPTIONS);
    assertThat(trained.report().signalVariance()).isNaN();
    assertThat(trained.report().agreement().auroc()).isNaN();
    assertThat(trained.report().toMap()).containsEntry("signalVariance", null);
    assertThat(trained.report().beatsLength()).isFalse();
  }

  @Test
  void contributionsThatAreNotFiniteAreLeftOutAndCounted() {
    List<TrainingExample> examples = new ArrayList<>(examples(60, 1, 0));
    TrainedSelector without = SelectorTrainer.train(examples, OPTIONS);
    examples.add(new TrainingExample("x", new double[3], Double.NaN, Double.NaN, 3));
    examples.add(new TrainingExample("y", new double[3], Double.POSITIVE_INFINITY, 1, 3));
    TrainedSelector with = SelectorTrainer.train(examples, OPTIONS);
    assertThat(with.selector()).isEqualTo(without.selector());
    assertThat(with.report().split().leftOut()).isEqualTo(2);
  }

  @Test
  void unknownStandardErrorsTakeNothingFromTheVariance() {
    List<TrainingExample> examples =
        examples(60, 1, 0).stream()
            .map(
                e ->
                    new TrainingExample(
                        e.id(), e.features(), e.contribution(), Double.NaN, e.tokens()))
            .toList();
    SelectorReport report = SelectorTrainer.train(examples, OPTIONS).report();
    assertThat(report.meanSquaredStandardError()).isNaN();
    assertThat(report.signalVariance()).isEqualTo(report.residualVariance()).isPositive();
  }

  @Test
  void signalVarianceIsNotBelowZero() {
    Agreement none = new Agreement(0, 0.5, 0);
    assertThat(
            new SelectorReport(new SelectorReport.Split(50, 5, 0, 0), 1, none, none, 0.1, 0.2)
                .signalVariance())
        .isZero();
  }

  @Test
  void reportIsReadBackFromItsMap() {
    SelectorReport report = SelectorTrainer.train(examples(80, 1, 0), OPTIONS).report();
    assertThat(SelectorReport.fromMap(report.toMap())).isEqualTo(report);
    assertThat(report.toMap().keySet())
        .containsExactly(
            "trainingExamples",
            "holdOutExamples",
            "leftOut",
            "clipped",
            "evaluatedOn",
            "penalty",
            "rankCorrelation",
            "auroc",
            "recallAtBudget",
            "lengthOnly",
            "beatsLength",
            "residualVariance",
            "meanSquaredStandardError",
            "signalVariance",
            "trust",
            "trustReason");
  }

  @Test
  void whatCannotBeTrainedOnIsRefused() {
    assertThatThrownBy(() -> SelectorTrainer.train(List.of(), OPTIONS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none of 0 scored candidates has a finite contribution");
    TrainingExample twice = examples(1, 1, 0).get(0);
    assertThatThrownBy(() -> SelectorTrainer.train(List.of(twice, twice), OPTIONS))
        .hasMessageContaining("ids must be distinct, got s0 twice");
    assertThatThrownBy(() -> new TrainingOptions(1, SelectorKind.NGRAM, 1, 0.15))
        .hasMessageContaining("from 0 to below 1, got 1.0");
    assertThatThrownBy(() -> new TrainingOptions(1, SelectorKind.NGRAM, 0.1, 0))
        .hasMessageContaining("above 0 and at most 1, got 0.0");
  }
}
