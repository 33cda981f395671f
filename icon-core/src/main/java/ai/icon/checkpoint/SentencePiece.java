package ai.icon.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * SentencePiece's BPE as a list of merges. A GGUF gives a score to each token and no merges: of two
 * neighbours whose joined text is a token, those with the highest score are joined first. A merge
 * for every way to cut a token into two tokens, in the order of the scores, does the same.
 *
 * <p>Source: llama.cpp's llm_tokenizer_spm; the order of merges with equal scores is that of
 * Transformers' {@code generate_merges}, by which the published tokenizer.json were made.
 */
final class SentencePiece {
  /** What stands for a space: U+2581. */
  static final String SPACE = "\u2581";

  private SentencePiece() {}

  private record Cut(Merge merge, double score) {}

  /**
   * The merges, the first one to be done first.
   *
   * @param scores one for each token; higher is joined earlier
   */
  static List<Merge> merges(GgufVocabulary vocabulary, double[] scores) {
    List<Cut> cuts = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      addCuts(cuts, vocabulary, vocabulary.text(id), scores[id]);
    }
    cuts.sort(
        Comparator.comparingDouble(Cut::score)
            .thenComparingInt(cut -> codePoints(cut.merge().left()))
            .thenComparingInt(cut -> codePoints(cut.merge().right()))
            .reversed());
    return cuts.stream().map(Cut::merge).toList();
  }

  private static void addCuts(
      List<Cut> cuts, GgufVocabulary vocabulary, String token, double score) {
    int first = cuts.size();
    for (int at = 1; at < token.length(); at++) {
      String left = token.substring(0, at);
      if (!vocabulary.has(left)) {
        continue;
      }
      String right = token.substring(at);
      if (vocabulary.has(right)) {
        cuts.add(new Cut(new Merge(left, right), score));
      }
    }
    cuts.subList(first, cuts.size())
        .sort(
            Comparator.<Cut>comparingInt(cut -> vocabulary.id(cut.merge().left()))
                .thenComparingInt(cut -> vocabulary.id(cut.merge().right())));
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
