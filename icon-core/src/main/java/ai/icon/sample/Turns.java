package ai.icon.sample;

import static ai.icon.sample.RejectReason.EMPTY_CONVERSATION;
import static ai.icon.sample.RejectReason.EMPTY_INSTRUCTION;
import static ai.icon.sample.RejectReason.EMPTY_RESPONSE;
import static ai.icon.sample.RejectReason.MISSING_FIELD;
import static ai.icon.sample.RejectReason.NO_ASSISTANT_MESSAGE;
import static ai.icon.sample.RejectReason.NO_PROMPT;
import static ai.icon.sample.RejectReason.UNKNOWN_ROLE;
import static ai.icon.sample.RejectReason.WRONG_TYPE;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads a list of turns, ShareGPT's {from, value} or the messages' {role, content}. */
final class Turns {
  private static final Map<String, String> ROLES = roles();

  private Turns() {}

  static SampleBody.Conversation conversation(RowFields row, String name) throws UnusableRow {
    JsonNode list = row.field(name);
    String column = row.column(name);
    if (!list.isArray()) {
      throw new UnusableRow(
          WRONG_TYPE,
          "Cannot use row: " + column + " must be an array, got " + Texts.article(list));
    }
    if (list.isEmpty()) {
      throw new UnusableRow(EMPTY_CONVERSATION, "Cannot use row: " + column + " has no turns");
    }
    List<Message> messages = new ArrayList<>(list.size());
    for (JsonNode turn : list) {
      messages.add(message(column + "[" + messages.size() + "]", turn));
    }
    return upToResponse(column, messages);
  }

  private static Message message(String at, JsonNode turn) throws UnusableRow {
    if (!turn.isObject()) {
      throw new UnusableRow(
          WRONG_TYPE, "Cannot use row: " + at + " must be an object, got " + Texts.article(turn));
    }
    String role = text(at, turn, "from", "role");
    String known = ROLES.get(role.toLowerCase(Locale.ROOT));
    if (known == null) {
      throw new UnusableRow(
          UNKNOWN_ROLE,
          "Cannot use row: the role of "
              + at
              + " must be one of "
              + new TreeSet<>(ROLES.keySet())
              + ", got "
              + role);
    }
    return new Message(known, text(at, turn, "value", "content"));
  }

  private static String text(String at, JsonNode turn, String name, String otherName)
      throws UnusableRow {
    String key = turn.hasNonNull(name) ? name : otherName;
    if (!turn.hasNonNull(key)) {
      throw new UnusableRow(
          MISSING_FIELD, "Cannot use row: " + at + " has no " + name + " or " + otherName);
    }
    return RowFields.text(at + "." + key, turn.get(key));
  }

  private static SampleBody.Conversation upToResponse(String column, List<Message> messages)
      throws UnusableRow {
    int response = messages.size() - 1;
    while (response >= 0 && !messages.get(response).role().equals("assistant")) {
      response--;
    }
    if (response < 0) {
      throw new UnusableRow(
          NO_ASSISTANT_MESSAGE, "Cannot use row: no turn of " + column + " is the assistant's");
    }
    if (messages.get(0).role().equals("assistant")) {
      throw new UnusableRow(NO_PROMPT, "Cannot use row: " + column + " starts with the assistant");
    }
    if (Texts.blank(messages.get(response).content())) {
      throw new UnusableRow(
          EMPTY_RESPONSE, "Cannot use row: " + column + "[" + response + "] is empty");
    }
    List<Message> prompt = messages.subList(0, response);
    if (prompt.stream().allMatch(message -> Texts.blank(message.content()))) {
      throw new UnusableRow(
          EMPTY_INSTRUCTION, "Cannot use row: every turn before the response is empty");
    }
    return new SampleBody.Conversation(messages.subList(0, response + 1));
  }

  private static Map<String, String> roles() {
    Map<String, String> roles = new TreeMap<>();
    for (String user : List.of("user", "human", "prompter")) {
      roles.put(user, "user");
    }
    for (String assistant : List.of("assistant", "gpt", "chatgpt", "bard", "bing", "model")) {
      roles.put(assistant, "assistant");
    }
    for (String other : List.of("system", "developer", "tool", "function", "observation")) {
      roles.put(other, other);
    }
    return roles;
  }
}
