package ai.icon.selector;

import ai.icon.error.UserError;
import ai.icon.sample.SeededHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Trains a selector on the scored candidates and judges it on those that it was not trained on,
 * next to a predictor that sees only the length (method.md, Selector). The order in which the
 * examples come does not matter.
 */
public final class SelectorTrainer {
  /** Fewer than these on either side of the split, and the split says nothing. */
  private static final int FEWEST = 5;

  private SelectorTrainer() {}

  /**
   * Trains and judges.
   *
   * <p>The hold-out is drawn by a seeded hash of the id. With fewer than 5 examples in it or fewer
   * than 5 outside it nothing is held out: all examples are trained on and judged by their
   * leave-one-out predictions, and the report says so. Contributions beyond the far fences of the
   * training examples are drawn to the fence for training; they are judged by as they are, and
   * their number is reported. Examples without a finite contribution are left out and counted.
   *
   * @param examples distinct ids, features of one dimension
   * @throws UserError if no example has a finite contribution
   * @throws IllegalArgumentException if ids repeat or features are not finite or of one dimension
   */
  public static TrainedSelector train(List<TrainingExample> examples, TrainingOptions options) {
    List<TrainingExample> finite = finiteById(examples);
    if (finite.isEmpty()) {
      throw new UserError(
          "Cannot train the selector: none of "
              + examples.size()
              + " scored candidates has a finite contribution",
          "Score more candidates, or look into the pairs table for losses that are not finite.");
    }
    SeededHash hash = new SeededHash(options.seed(), "hold-out");
    List<TrainingExample> training = new ArrayList<>();
    List<TrainingExample> holdOut = new ArrayList<>();
    for (TrainingExample example : finite) {
      (hash.share(example.id()) < options.holdOutShare() ? holdOut : training).add(example);
    }
    if (holdOut.size() < FEWEST || training.size() < FEWEST) {
      training = finite;
      holdOut = List.of();
    }
    Fences fences = Fences.of(contributions(training));
    Judged selector = judge(training, holdOut, fences, TrainingExample::features);
    Judged length = judge(training, holdOut, fences, SelectorTrainer::lengthOnly);
    List<TrainingExample> judgedOn = holdOut.isEmpty() ? training : holdOut;
    SelectorReport report =
        SelectorReport.of(
            new SelectorReport.Split(
                training.size(),
                holdOut.size(),
                examples.size() - finite.size(),
                fences.outside(contributions(finite))),
            selector.model.penalty(),
            options.labelShare(),
            contributions(judgedOn),
            judgedOn.stream().mapToDouble(TrainingExample::standardError).toArray(),
            selector.predictions,
            length.predictions,
            fences);
    return new TrainedSelector(new Selector(options.kind(), selector.model), report);
  }

  private static List<TrainingExample> finiteById(List<TrainingExample> examples) {
    List<TrainingExample> sorted =
        examples.stream().sorted(Comparator.comparing(TrainingExample::id)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).id().equals(sorted.get(i - 1).id())) {
        throw new IllegalArgumentException(
            "Invalid training examples: ids must be distinct, got "
                + sorted.get(i).id()
                + " twice");
      }
    }
    return sorted.stream().filter(example -> Double.isFinite(example.contribution())).toList();
  }

  /** A model and what it says of the examples that it is judged on, not having seen them. */
  private static final class Judged {
    private final RidgeModel model;
    private final double[] predictions;

    private Judged(RidgeModel model, double[] predictions) {
      this.model = model;
      this.predictions = predictions;
    }
  }

  private static Judged judge(
      List<TrainingExample> training,
      List<TrainingExample> holdOut,
      Fences fences,
      Function<TrainingExample, double[]> features) {
    RidgeFit fit =
        RidgeRegression.fit(
            training.stream().map(features).toArray(double[][]::new),
            Arrays.stream(contributions(training)).map(fences::clip).toArray());
    double[] predictions =
        holdOut.isEmpty()
            ? fit.leaveOneOutPredictions()
            : holdOut.stream().map(features).mapToDouble(fit.model()::predict).toArray();
    return new Judged(fit.model(), predictions);
  }

  private static double[] lengthOnly(TrainingExample example) {
    return new double[] {StrictMath.log1p(example.tokens())};
  }

  private static double[] contributions(List<TrainingExample> examples) {
    return examples.stream().mapToDouble(TrainingExample::contribution).toArray();
  }
}
