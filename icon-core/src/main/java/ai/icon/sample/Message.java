package ai.icon.sample;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or another name as it came in
 * @param content the text, exactly as it came in
 */
public record Message(String role, String content) implements Serializable {
  /** Checks that both are given and the role is not empty. */
  public Message {
    requireNonNull(role, "role");
    requireNonNull(content, "content");
    if (role.isEmpty()) {
      throw new IllegalArgumentException("Invalid message: the role must not be empty");
    }
  }
}
