package ai.icon.contribution;

import ai.icon.error.UserError;
import ai.icon.prompt.Tokenizer;
import ai.icon.sample.SeededHash;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Draws the controls: a few per length bucket for the whole run instead of one per pair, which
 * removes more than half of the work of the authors' released code (method.md, Control). A draw
 * depends on the seed, its bucket, its number and the tokens alone.
 */
public final class ControlBank {
  /** Draws per bucket (method.md, Control). */
  public static final int DRAWS = 3;

  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

  /** How vocabularies write their markers: {@code <s>}, {@code <|im_start|>}, {@code [INST]}. */
  private static final Pattern MARKER = Pattern.compile("<[^ ]+>|\\[/?[A-Z][A-Z0-9_]*\\]");

  private final LengthBuckets buckets;
  private final int[] tokens;
  private final SeededHash hash;

  /**
   * @param buckets where controls are measured
   * @param tokens the ids to draw from, such as {@link #printableTokens}
   * @param seed the run's seed
   */
  public ControlBank(LengthBuckets buckets, int[] tokens, long seed) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("Invalid control bank: no token to draw from");
    }
    this.buckets = buckets;
    this.tokens = tokens.clone();
    this.hash = new SeededHash(seed, "control");
  }

  /**
   * The ids that decode to printable ASCII (32 to 126) by themselves. Whatever is written as a
   * marker, {@code <…>} without a space or {@code [CAPITALS]}, is left out: a vocabulary does not
   * say which of its ids steer a chat, and the few words of mark-up that go with them are no loss
   * to noise.
   *
   * @return ascending
   * @throws UserError if there is none
   */
  public static int[] printableTokens(Tokenizer tokenizer) {
    int[] printable =
        IntStream.range(0, tokenizer.size())
            .filter(id -> tokenizer.bos().stream().noneMatch(bos -> bos == id))
            .filter(id -> isPlainText(tokenizer.decode(new int[] {id})))
            .toArray();
    if (printable.length == 0) {
      throw new UserError(
          "Cannot draw controls: none of the tokenizer's "
              + tokenizer.size()
              + " tokens decodes to printable ASCII",
          "Use --measure icon, which needs no control, or another checkpoint.");
    }
    return printable;
  }

  private static boolean isPlainText(String text) {
    return PRINTABLE.matcher(text).matches() && !MARKER.matcher(text).matches();
  }

  /**
   * The controls that demonstrations of these lengths need: all draws of the buckets on either side
   * of each, and no others.
   *
   * @param lengths of demonstrations, tokens; repeats and order do not matter
   * @return by bucket, then draw
   */
  public List<ControlDraw> drawsFor(Collection<Integer> lengths) {
    SortedSet<Integer> needed = new TreeSet<>();
    for (int length : lengths) {
      needed.add(buckets.floor(length));
      needed.add(buckets.ceiling(length));
    }
    return needed.stream()
        .flatMap(bucket -> IntStream.range(0, DRAWS).mapToObj(draw -> draw(bucket, draw)))
        .toList();
  }

  /** Draws with replacement; the bucket stands in every key, so no draw begins another. */
  private ControlDraw draw(int bucket, int draw) {
    int[] ids =
        IntStream.range(0, bucket)
            .mapToLong(position -> hash.of(bucket + "/" + draw + "/" + position))
            .mapToInt(bits -> tokens[(int) Long.remainderUnsigned(bits, tokens.length)])
            .toArray();
    return new ControlDraw(bucket, draw, ids);
  }
}
