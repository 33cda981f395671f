package ai.icon.prompt;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The one place where token sequences are put together: {@code [BOS] + demonstration + separator +
 * prompt + response}, every part tokenized by itself, BOS once and only where the tokenizer adds
 * one (method.md, Loss). Safe for use by several threads.
 */
public final class SequenceBuilder {
  /** The method's separator: three newlines. */
  public static final String SEPARATOR = "\n\n\n";

  private final Tokenizer tokenizer;
  private final SequenceLimits limits;
  private final int[] bos;
  private final int[] separatorIds;

  /**
   * @param tokenizer the checkpoint's
   * @param limits most tokens of each part
   * @param separator between demonstration and question; may be empty
   */
  public SequenceBuilder(Tokenizer tokenizer, SequenceLimits limits, String separator) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.bos = tokenizer.bos().stream().toArray();
    this.separatorIds = encode(separator);
  }

  /** Most tokens of each part. */
  public SequenceLimits limits() {
    return limits;
  }

  /** A demonstration, one text, cut at its end. */
  public Demonstration demonstration(String text) {
    int[] ids = encode(text);
    int[] kept = start(ids, limits.demonstrationTokens());
    return new Demonstration(kept, kept.length < ids.length);
  }

  /**
   * A prompt, cut at its start, and a response, cut at its end.
   *
   * @throws UnscorableException if the response has no tokens
   */
  public Question question(String prompt, String response) {
    int[] promptIds = encode(prompt);
    int[] responseIds = encode(response);
    int[] keptPrompt = end(promptIds, limits.promptTokens());
    int[] keptResponse = start(responseIds, limits.responseTokens());
    Cuts cuts =
        new Cuts(
            false, keptPrompt.length < promptIds.length, keptResponse.length < responseIds.length);
    return new Question(keptPrompt, keptResponse, cuts);
  }

  /**
   * What stands before a question that has a demonstration, or a control in its place.
   *
   * @param demonstrationIds token ids, taken as they are
   * @return {@code [BOS] + demonstration + separator}
   */
  public int[] prefix(int[] demonstrationIds) {
    return join(bos, demonstrationIds, separatorIds);
  }

  /** What stands before a question alone: {@code [BOS]}, or nothing. */
  public int[] emptyPrefix() {
    return bos.clone();
  }

  /**
   * The question alone, for the baseline.
   *
   * @throws UnscorableException if there is neither BOS nor prompt
   */
  public Sequence sequence(Question question) {
    return sequence(emptyPrefix(), question, question.cuts());
  }

  /**
   * The question behind a demonstration.
   *
   * @throws UnscorableException if there is no token before the response
   */
  public Sequence sequence(Demonstration demonstration, Question question) {
    Cuts cuts = new Cuts(demonstration.cut(), question.cuts().prompt(), question.cuts().response());
    return sequence(prefix(demonstration.ids()), question, cuts);
  }

  private static Sequence sequence(int[] prefix, Question question, Cuts cuts) {
    return new Sequence(
        join(prefix, question.ids()), prefix.length + question.responseStart(), cuts);
  }

  static int[] join(int[]... parts) {
    return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
  }

  private int[] encode(String text) {
    return text.isEmpty() ? new int[0] : tokenizer.encode(text);
  }

  private static int[] start(int[] ids, int limit) {
    return Arrays.copyOf(ids, Math.min(ids.length, limit));
  }

  private static int[] end(int[] ids, int limit) {
    return Arrays.copyOfRange(ids, Math.max(0, ids.length - limit), ids.length);
  }
}
