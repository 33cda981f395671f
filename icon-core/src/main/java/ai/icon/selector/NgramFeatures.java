package ai.icon.selector;

import ai.icon.sample.SeededHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Features of a sample that need no model: its words and pairs of neighbouring words, hashed, and
 * its length. The same text gives the same features in every run, so that a stored selector keeps
 * its meaning.
 */
public final class NgramFeatures {
  /** Buckets of hashed n-grams, a power of two. */
  public static final int BUCKETS = 1024;

  /** Components of a feature vector: the buckets, log(1 + tokens), log(1 + response characters). */
  public static final int DIMENSION = BUCKETS + 2;

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  // Seed 0: part of the definition, not of a run.
  private static final SeededHash HASH = new SeededHash(0, "ngram-features");

  private NgramFeatures() {}

  /**
   * The features of a sample.
   *
   * <p>Words are runs of letters and digits, lower-cased. Each word and each pair of neighbouring
   * words, prompt and response being one text, is counted in one bucket; buckets hold log(1 +
   * count) divided by their Euclidean norm (all 0 if there is no word).
   *
   * @param prompt as rendered
   * @param response as rendered
   * @param tokens length of the demonstration in tokens, at least 0
   * @return [DIMENSION]
   */
  public static double[] of(String prompt, String response, int tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException("Invalid tokens: must be at least 0, got " + tokens);
    }
    double[] features = new double[DIMENSION];
    List<String> words = words(prompt + "\n" + response);
    for (int i = 0; i < words.size(); i++) {
      features[bucket(words.get(i))]++;
      if (i > 0) {
        features[bucket(words.get(i - 1) + " " + words.get(i))]++;
      }
    }
    normalise(features);
    // StrictMath, for Math may differ in the last bit between machines.
    features[BUCKETS] = StrictMath.log1p(tokens);
    features[BUCKETS + 1] = StrictMath.log1p(response.length());
    return features;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT)).toList()) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  private static int bucket(String ngram) {
    return (int) (HASH.of(ngram) & (BUCKETS - 1));
  }

  private static void normalise(double[] counts) {
    double squares = 0;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = StrictMath.log1p(counts[i]);
      squares += counts[i] * counts[i];
    }
    for (int i = 0; i < BUCKETS && squares > 0; i++) {
      counts[i] /= Math.sqrt(squares);
    }
  }
}
