package ai.icon.contribution;

import ai.icon.error.UserError;
import ai.icon.sample.SeededHash;
import java.util.Map;

/**
 * The text that stands where the demonstration would, pair by pair: control of the official recipe.
 */
@FunctionalInterface
public interface Noise {
  /**
   * The noise of a pair.
   *
   * @param demonstration the text it stands for
   */
  String noise(String demonstration, String sampleId, String assessedId);

  /**
   * What a given noise belongs to.
   *
   * @param sampleId the candidate
   * @param assessedId the assessed example
   */
  record Pair(String sampleId, String assessedId) {}

  /**
   * Noise given as texts, to match numbers of another run.
   *
   * @throws UserError when asked for a pair that has none
   */
  static Noise given(Map<Pair, String> texts) {
    Map<Pair, String> copy = Map.copyOf(texts);
    return (demonstration, sampleId, assessedId) -> {
      String text = copy.get(new Pair(sampleId, assessedId));
      if (text == null) {
        throw new UserError(
            "Cannot take the control of candidate "
                + sampleId
                + " and assessed example "
                + assessedId
                + ": no noise was given",
            "Give a noise text for every pair, or none at all to have it drawn.");
      }
      return text;
    };
  }

  /**
   * Noise drawn anew for each pair: as many characters (code points) as the demonstration has, each
   * a letter, digit, punctuation mark or space (the released scripts).
   */
  static Noise seeded(long seed) {
    SeededHash hash = new SeededHash(seed, "official noise");
    return (demonstration, sampleId, assessedId) -> {
      int length = demonstration.codePointCount(0, demonstration.length());
      StringBuilder noise = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        // Letters, digits, punctuation and space are printable ASCII, from ' ' to '~'.
        long bits = hash.of(sampleId + "\n" + assessedId + "\n" + i);
        noise.append((char) (' ' + Long.remainderUnsigned(bits, '~' - ' ' + 1)));
      }
      return noise.toString();
    };
  }
}
