package ai.icon.contribution;

import static java.util.Objects.requireNonNull;

import ai.icon.assessment.AssessedExample;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.LossModel;
import ai.icon.prompt.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code compat: official}: what the authors' released scripts compute, with their slips, to match
 * their numbers (method.md, Pair contribution). Never the default:
 *
 * <ul>
 *   <li>every part is tokenized with special tokens and the first token of each part after the
 *       first is dropped, which is BOS where the tokenizer adds one and a real token where it does
 *       not;
 *   <li>as many positions are masked as the parts have tokens before that, so that the conditioned
 *       and control losses leave out two response tokens and the baseline none;
 *   <li>the control is noise of the demonstration's character count, for each pair its own.
 * </ul>
 *
 * <p>Works on whole texts, without the method's cuts, one sequence a call.
 */
public final class OfficialRecipe {
  private final LossModel model;
  private final Tokenizer tokenizer;
  private final int[] separator;
  private final Noise noise;

  /**
   * @param model stays the caller's to close
   * @param separator what stands between demonstration and question (method.md, Loss)
   * @param noise the control's text for each pair
   */
  public OfficialRecipe(LossModel model, Tokenizer tokenizer, String separator, Noise noise) {
    this.model = requireNonNull(model, "model");
    this.tokenizer = requireNonNull(tokenizer, "tokenizer");
    this.separator = special(separator);
    this.noise = requireNonNull(noise, "noise");
  }

  /**
   * ℓ(S) over the whole response but its dropped first token.
   *
   * @return nats per token; NaN if nothing is left to score or the sequence exceeds the context
   */
  public double baselineNll(AssessedExample assessed) {
    int[] prompt = special(assessed.prompt());
    int[] ids = join(prompt, withoutFirst(special(assessed.response())));
    return nll(ids, prompt.length);
  }

  /**
   * Measures one pair, always by {@link ContributionMeasure#RICO}.
   *
   * @param demonstration the candidate as it stands in a prompt
   * @param baselineNll of the same example, from {@link #baselineNll}
   * @return losses and contribution; NaN where nothing is left to score or a sequence exceeds the
   *     context
   */
  public PairLoss pair(
      String sampleId, String demonstration, AssessedExample assessed, double baselineNll) {
    String control = noise.noise(demonstration, sampleId, assessed.id());
    return PairLoss.of(
        sampleId,
        assessed,
        ContributionMeasure.RICO,
        baselineNll,
        nllBehind(demonstration, assessed),
        nllBehind(control, assessed));
  }

  private double nllBehind(String front, AssessedExample assessed) {
    int[] frontIds = special(front); // [T]
    int[] prompt = special(assessed.prompt()); // [P]
    int[] ids =
        join(
            frontIds,
            withoutFirst(separator), // [E − 1]
            withoutFirst(prompt), // [P − 1]
            withoutFirst(special(assessed.response()))); // [N − 1]
    return nll(ids, Math.min(frontIds.length + separator.length + prompt.length, ids.length));
  }

  private double nll(int[] ids, int first) {
    if (first >= ids.length || ids.length > model.contextLength()) {
      return Double.NaN;
    }
    try (EncodedPrefix nothing = model.encode(new int[0])) {
      return nothing
          .losses(LengthBatches.plan(List.of(new Continuation(ids, first)), ids.length).get(0))
          .get(0)
          .meanNll();
    }
  }

  private int[] special(String text) {
    return join(tokenizer.bos().stream().toArray(), tokenizer.encode(text));
  }

  private static int[] withoutFirst(int[] ids) {
    return IntStream.of(ids).skip(1).toArray();
  }

  private static int[] join(int[]... parts) {
    return List.of(parts).stream().flatMapToInt(IntStream::of).toArray();
  }
}
