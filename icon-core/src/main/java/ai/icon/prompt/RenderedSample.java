package ai.icon.prompt;

import static java.util.Objects.requireNonNull;

/**
 * A sample as text.
 *
 * @param prompt everything before the response
 * @param response the text whose loss is taken
 * @param ending what the template puts after the response, such as an end-of-turn mark; part of a
 *     demonstration, never scored
 */
public record RenderedSample(String prompt, String response, String ending) {
  /** Checks that all are given. */
  public RenderedSample {
    requireNonNull(prompt, "prompt");
    requireNonNull(response, "response");
    requireNonNull(ending, "ending");
  }

  /** The whole text: what stands in front of a question when the sample is a demonstration. */
  public String demonstration() {
    return prompt + response + ending;
  }
}
