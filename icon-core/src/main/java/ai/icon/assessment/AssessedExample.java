package ai.icon.assessment;

import static java.util.Objects.requireNonNull;

import ai.icon.sample.SampleBody;
import ai.icon.sample.SampleId;
import java.io.Serializable;

/**
 * One example S of the assessment set D_a (method.md): a question whose answer's loss is taken
 * alone and behind each demonstration.
 *
 * @param id names prompt and response, whatever the group: see {@link #idOf}
 * @param group the task it belongs to
 * @param prompt the rendered question, before any cut
 * @param response the text whose loss is taken, before any cut
 * @param promptIds token ids of the prompt by itself, after its cut; at least one, because the
 *     token before a response predicts its first token
 * @param responseIds token ids of the response by itself, after its cut; at least one
 * @param promptCut whether the prompt lost tokens at its start
 * @param responseCut whether the response lost tokens at its end
 */
public record AssessedExample(
    String id,
    String group,
    String prompt,
    String response,
    int[] promptIds,
    int[] responseIds,
    boolean promptCut,
    boolean responseCut)
    implements Serializable {

  /** Copies the ids and checks that nothing is missing. */
  public AssessedExample {
    requireNonNull(prompt, "prompt");
    requireNonNull(response, "response");
    promptIds = promptIds.clone();
    responseIds = responseIds.clone();
    if (id.isEmpty() || group.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid assessed example: id and group must not be empty, got id \""
              + id
              + "\", group \""
              + group
              + "\"");
    }
    if (promptIds.length == 0 || responseIds.length == 0) {
      throw new IllegalArgumentException(
          "Invalid assessed example "
              + id
              + ": prompt and response need at least one token each, got "
              + promptIds.length
              + " and "
              + responseIds.length);
    }
  }

  /**
   * The id of an example: 32 lower-case hexadecimal digits of a SHA-256 over the rendered prompt
   * and the response, each preceded by its length. The group is no part of it, so that one question
   * in two groups is one example.
   *
   * @param response not empty
   */
  public static String idOf(String prompt, String response) {
    return SampleId.of(new SampleBody.Instruction(prompt, "", response));
  }

  @Override
  public int[] promptIds() {
    return promptIds.clone();
  }

  @Override
  public int[] responseIds() {
    return responseIds.clone();
  }

  /** Tokens of prompt and response together. */
  public int tokens() {
    return promptIds.length + responseIds.length;
  }
}
