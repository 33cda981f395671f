package ai.icon.spark.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known word that a mistyped one was meant to be. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known word with the smallest edit distance to a word, letter case aside; the first in the
   * alphabet among equals.
   *
   * @throws IllegalArgumentException if no word is known
   */
  public static String to(String word, Collection<String> known) {
    String wanted = word.toLowerCase(Locale.ROOT);
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min(
            Comparator.comparingInt(
                    (String k) -> distance.apply(wanted, k.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow(() -> new IllegalArgumentException("Cannot find a near word: none is known"));
  }
}
