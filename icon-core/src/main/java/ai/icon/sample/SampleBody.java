package ai.icon.sample;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;

/** What a sample says: an instruction with its answer, or a conversation. Immutable. */
public sealed interface SampleBody extends Serializable {

  /** The answer whose loss is taken, exactly as it came in; never empty. */
  String response();

  /** The same sample as turns, ending with the assistant's response; never empty. */
  List<Message> messages();

  /**
   * An instruction, an optional input and the answer (Alpaca). A prompt/completion pair is an
   * instruction with an empty input.
   *
   * @param instruction what is asked
   * @param input what it is asked about, or an empty string
   * @param output the answer
   */
  record Instruction(String instruction, String input, String output) implements SampleBody {
    /** Checks that all three are given and the output is not empty. */
    public Instruction {
      requireNonNull(instruction, "instruction");
      requireNonNull(input, "input");
      if (output.isEmpty()) {
        throw new IllegalArgumentException("Invalid sample: the output must not be empty");
      }
    }

    @Override
    public String response() {
      return output;
    }

    @Override
    public List<Message> messages() {
      String user = input.isEmpty() ? instruction : instruction + "\n\n" + input;
      return List.of(new Message("user", user), new Message("assistant", output));
    }
  }

  /**
   * A conversation; its response is its last assistant message, what comes before is its prompt.
   *
   * @param messages the turns up to and including the last assistant message, at least two
   */
  record Conversation(List<Message> messages) implements SampleBody {
    /** Copies the turns and checks that the last one is the assistant's and not empty. */
    public Conversation {
      messages = List.copyOf(messages);
      if (messages.size() < 2) {
        throw new IllegalArgumentException(
            "Invalid conversation: a prompt and a response are needed, got "
                + messages.size()
                + " messages");
      }
      Message last = messages.get(messages.size() - 1);
      if (!last.role().equals("assistant") || last.content().isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid conversation: the last message must be a non-empty one of the assistant");
      }
    }

    @Override
    public String response() {
      return messages.get(messages.size() - 1).content();
    }

    /** The turns before the response. */
    public List<Message> prompt() {
      return messages.subList(0, messages.size() - 1);
    }
  }
}
