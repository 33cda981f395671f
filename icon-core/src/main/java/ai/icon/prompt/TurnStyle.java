package ai.icon.prompt;

import ai.icon.sample.Message;
import java.util.List;

/**
 * Everything in which the supported chat templates differ. A turn is {@code before + role + between
 * + content + after}.
 *
 * @param before what stands before a role
 * @param between what stands between role and content
 * @param after what ends a turn
 * @param preamble what comes first where the conversation has no system turn at its start; may be
 *     empty
 * @param trims whether contents lose the white space at both ends
 * @param leadingSystemOnly whether a system turn is written only where it is the first one, and
 *     then untrimmed
 */
record TurnStyle(
    String before,
    String between,
    String after,
    String preamble,
    boolean trims,
    boolean leadingSystemOnly) {

  static TurnStyle chatMl(String preamble, boolean trims, boolean leadingSystemOnly) {
    return new TurnStyle("<|im_start|>", "\n", "<|im_end|>\n", preamble, trims, leadingSystemOnly);
  }

  static TurnStyle headers(boolean trims) {
    return new TurnStyle(
        "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>", "", trims, false);
  }

  String turns(List<Message> messages) {
    StringBuilder text = new StringBuilder();
    if (!isSystem(messages.get(0))) {
      text.append(preamble);
    }
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      if (leadingSystemOnly && isSystem(message)) {
        text.append(i == 0 ? turn(message.role(), message.content()) : "");
      } else {
        text.append(turn(message.role(), content(message)));
      }
    }
    return text.toString();
  }

  String generationPrompt() {
    return before + "assistant" + between;
  }

  /** A message's content as the template writes it. */
  String content(Message message) {
    return trims ? PythonText.strip(message.content()) : message.content();
  }

  private String turn(String role, String content) {
    return before + role + between + content + after;
  }

  private static boolean isSystem(Message message) {
    return message.role().equals("system");
  }
}
