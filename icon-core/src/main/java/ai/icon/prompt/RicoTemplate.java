package ai.icon.prompt;

import ai.icon.sample.Message;
import ai.icon.sample.SampleBody;
import ai.icon.sample.SampleBody.Conversation;
import ai.icon.sample.SampleBody.Instruction;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The template of RICo (arXiv 2505.05327): {@code ### Instruction:\n{instruction}\n\n### Input:
 * {input}\n\n### Response:}, without the Input block when the input is empty; the response follows
 * with nothing between, and nothing follows it.
 *
 * <p>The paper has no conversations. Here a conversation with one turn before its response has that
 * turn's text as its instruction; with several, the instruction is the turns, each as {@code
 * {Role}: {content}} with a capital (System, User, Assistant), a blank line between. Safe for use
 * by several threads.
 */
public final class RicoTemplate implements PromptTemplate {
  @Override
  public String name() {
    return "rico";
  }

  @Override
  public RenderedSample render(SampleBody body) {
    return new RenderedSample(prompt(instruction(body)), body.response(), "");
  }

  private static String prompt(Instruction instruction) {
    String input =
        instruction.input().isEmpty() ? "" : "### Input: " + instruction.input() + "\n\n";
    return "### Instruction:\n" + instruction.instruction() + "\n\n" + input + "### Response:";
  }

  private static Instruction instruction(SampleBody body) {
    if (body instanceof Instruction instruction) {
      return instruction;
    }
    return new Instruction(asText(((Conversation) body).prompt()), "", body.response());
  }

  private static String asText(List<Message> turns) {
    if (turns.size() == 1) {
      return turns.get(0).content();
    }
    return turns.stream()
        .map(turn -> capitalised(turn.role()) + ": " + turn.content())
        .collect(Collectors.joining("\n\n"));
  }

  private static String capitalised(String role) {
    int first = role.offsetByCodePoints(0, 1);
    return role.substring(0, first).toUpperCase(Locale.ROOT) + role.substring(first);
  }
}
