package ai.icon.sample;

import static java.util.Objects.requireNonNull;

/** What an assessed example says: a sample still to be templated, or a prompt that already is. */
public sealed interface AssessedText {
  /**
   * The text's content hash, by which it is kept out of the pool. A templated prompt counts as an
   * instruction without input.
   */
  String contentId();

  /**
   * A sample as in a pool.
   *
   * @param body what it says
   */
  record Body(SampleBody body) implements AssessedText {
    /** Checks that it is given. */
    public Body {
      requireNonNull(body, "body");
    }

    @Override
    public String contentId() {
      return SampleId.of(body);
    }
  }

  /**
   * A row of the authors' released assessment files, whose prompt is written as the model shall see
   * it.
   *
   * @param prompt everything before the response, not empty
   * @param response joined to it with nothing between, not empty
   */
  record Templated(String prompt, String response) implements AssessedText {
    /** Checks that neither is empty. */
    public Templated {
      if (prompt.isEmpty() || response.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid assessed example: neither prompt nor response may be empty");
      }
    }

    @Override
    public String contentId() {
      return SampleId.of(new SampleBody.Instruction(prompt, "", response));
    }
  }
}
