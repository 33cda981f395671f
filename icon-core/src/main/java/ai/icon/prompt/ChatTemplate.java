package ai.icon.prompt;

import ai.icon.error.UserError;
import ai.icon.sample.Message;
import ai.icon.sample.SampleBody;
import java.util.List;

/**
 * The checkpoint's own chat template: ChatML with or without a default system text, and the headers
 * of Llama 3, with or without trimmed contents. A template is accepted only where the whole of its
 * text is understood, and then renders what Transformers' {@code apply_chat_template} does, save
 * for one thing: the BOS text that a template may put first is left out, because {@link
 * SequenceBuilder} puts BOS in front of every sequence once. Safe for use by several threads.
 */
public final class ChatTemplate implements PromptTemplate {
  private static final int SHOWN = 80;

  private final TurnStyle style;

  private ChatTemplate(TurnStyle style) {
    this.style = style;
  }

  /**
   * Understands a template.
   *
   * @param text the checkpoint's chat template (Jinja), from tokenizer_config.json or
   *     chat_template.jinja
   * @throws UserError if it is none of the supported ones
   */
  public static ChatTemplate of(String text) {
    return ChatTemplateText.style(text)
        .map(ChatTemplate::new)
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot use the checkpoint's chat template: it is not supported yet; it starts"
                        + " with "
                        + text.lines()
                            .findFirst()
                            .orElse("")
                            .codePoints()
                            .limit(SHOWN)
                            .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append),
                    "Supported are ChatML and the headers of Llama 3; otherwise use --template"
                        + " rico."));
  }

  @Override
  public String name() {
    return "chat";
  }

  /**
   * Writes a conversation.
   *
   * @param messages at least one
   * @param addGenerationPrompt whether the text ends with the opening of an assistant turn
   * @throws IllegalArgumentException if there is no message
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("Cannot render a conversation: it has no messages");
    }
    return style.turns(messages) + (addGenerationPrompt ? style.generationPrompt() : "");
  }

  /**
   * Writes a sample: the prompt is the turns before the response and the opening of the assistant's
   * turn, the response is trimmed where the template trims, the ending closes the turn. The three
   * together are the whole conversation as the template writes it.
   */
  @Override
  public RenderedSample render(SampleBody body) {
    List<Message> messages = body.messages();
    int last = messages.size() - 1;
    RenderedSample rendered =
        new RenderedSample(
            render(messages.subList(0, last), true),
            style.content(messages.get(last)),
            style.after());
    if (!rendered.demonstration().equals(render(messages, false))) {
      throw new IllegalStateException(
          "Prompt, response and ending must be the whole conversation: " + messages);
    }
    return rendered;
  }
}
