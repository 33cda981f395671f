package ai.icon.contribution;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The method from text to pairs, on the letter tokenizer: what the toy tests share. */
final class Toy {
  static final String SEPARATOR = "\n\n\n";
  static final LetterTokenizer TOKENIZER = new LetterTokenizer(true);

  private Toy() {}

  static AssessedExample example(String group, String prompt, String response) {
    return new AssessedExample(
        AssessedExample.idOf(prompt, response),
        group,
        prompt,
        response,
        TOKENIZER.encode(prompt),
        TOKENIZER.encode(response),
        false,
        false);
  }

  /** BOS, front, separator. */
  static int[] prefix(int[] front) {
    return Stream.of(new int[] {LetterTokenizer.BOS}, front, TOKENIZER.encode(SEPARATOR))
        .flatMapToInt(IntStream::of)
        .toArray();
  }

  static List<PairLoss> pairs(
      BigramLossModel model,
      Collection<AssessedExample> examples,
      ContributionMeasure measure,
      String demonstration,
      int tokenBudget,
      int[] controlTokens) {
    AssessmentSet set = AssessmentSet.of(examples);
    ContributionScorer scorer = new ContributionScorer(model, set, tokenBudget);
    int[] demonstrationIds = TOKENIZER.encode(demonstration);
    LengthBuckets buckets =
        new LengthBuckets(
            ContributionScorer.maxDemonstrationTokens(model.contextLength(), set, 4, 2040));
    List<ControlLoss> rows =
        new ControlBank(buckets, controlTokens, 7)
            .drawsFor(List.of(demonstrationIds.length)).stream()
                .flatMap(draw -> rows(draw, scorer.losses(prefix(draw.ids()))).stream())
                .toList();
    return PairMeasurement.withControl(
            set,
            measure,
            scorer.baseline(TOKENIZER.bos()),
            new ControlLosses(buckets, set.size(), rows))
        .pairs("t", demonstrationIds.length, scorer.losses(prefix(demonstrationIds)));
  }

  private static List<ControlLoss> rows(ControlDraw draw, double[] losses) {
    return IntStream.range(0, losses.length)
        .mapToObj(i -> new ControlLoss(draw.bucket(), draw.draw(), i, losses[i]))
        .toList();
  }
}
