package ai.icon.prompt;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import ai.icon.jinja.JinjaTemplate;
import ai.icon.jinja.TemplateException;
import ai.icon.sample.Message;
import ai.icon.sample.SampleBody;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checkpoint's own chat template. It is rendered as Transformers' {@code apply_chat_template}
 * does, without tools and documents, save for one thing: where the tokenizer adds a BOS, the BOS
 * text that a template may put first is left out, because {@link SequenceBuilder} puts BOS in front
 * of every sequence once. Safe for use by several threads.
 */
public final class ChatTemplate implements PromptTemplate {
  /**
   * The day that a template is told it is, always: a run must give the same texts tomorrow. It is
   * the one that the templates of Llama 3.1 fall back to.
   */
  public static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 26, 0, 0);

  private static final String CURE = "Use --template rico, or another checkpoint.";

  private final JinjaTemplate template;
  private final SpecialTokens tokens;

  private ChatTemplate(JinjaTemplate template, SpecialTokens tokens) {
    this.template = template;
    this.tokens = tokens;
  }

  /**
   * Reads a template and tries it on a question and its answer.
   *
   * @param text the checkpoint's chat template (Jinja), from tokenizer_config.json,
   *     chat_template.jinja or a GGUF's metadata
   * @param tokens what the template may write of the tokenizer's special tokens
   * @throws UserError if it is no template, needs what is not supported, or does not write a
   *     question and its answer so that the answer can be found
   */
  public static ChatTemplate of(String text, SpecialTokens tokens) {
    try {
      ChatTemplate template =
          new ChatTemplate(JinjaTemplate.of("chat_template", text, NOW), requireNonNull(tokens));
      template.render(new SampleBody.Instruction("Question", "", "Answer"));
      return template;
    } catch (TemplateException | UnscorableException e) {
      throw new UserError("Cannot use the checkpoint's chat template: " + e.getMessage(), CURE, e);
    }
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
   * @throws TemplateException if the template refuses the conversation or fails on it
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("Cannot render a conversation: it has no messages");
    }
    Map<String, Object> variables = new HashMap<>(tokens.texts());
    variables.put("messages", messages.stream().map(ChatTemplate::variable).toList());
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", addGenerationPrompt);
    String rendered = template.render(variables);
    return tokens
        .addedBos()
        .filter(rendered::startsWith)
        .map(bos -> rendered.substring(bos.length()))
        .orElse(rendered);
  }

  /** In the order in which conversations have their keys, should a template print a message. */
  private static Map<String, String> variable(Message message) {
    Map<String, String> variable = new LinkedHashMap<>();
    variable.put("role", message.role());
    variable.put("content", message.content());
    return variable;
  }

  /**
   * Writes a sample: the response as the template writes it, such as trimmed, what stands before it
   * and what behind. The three together are the whole conversation as the template writes it.
   *
   * @throws UnscorableException if the template refuses the sample, such as a system turn or turns
   *     that do not alternate, or the response cannot be found in what it writes
   */
  @Override
  public RenderedSample render(SampleBody body) {
    List<Message> messages = body.messages();
    List<Message> before = messages.subList(0, messages.size() - 1);
    Message response = messages.get(messages.size() - 1);
    try {
      String whole = render(messages, false);
      String mark = mark(whole);
      String marked = render(with(before, new Message(response.role(), mark)), false);
      return new ResponsePlace(whole, render(before, true), marked, mark)
          .rendered(response.content());
    } catch (TemplateException e) {
      throw new UnscorableException(
          e.raised()
              ? "Cannot write a sample as chat: the checkpoint's template refuses it: " + e.reason()
              : "Cannot write a sample as chat: " + e.getMessage(),
          true);
    }
  }

  private static List<Message> with(List<Message> messages, Message last) {
    List<Message> all = new ArrayList<>(messages);
    all.add(last);
    return all;
  }

  /** A word that the text does not have, and that no template trims or cuts. */
  private static String mark(String text) {
    String mark = "response0";
    for (int i = 1; text.contains(mark); i++) {
      mark = "response" + i;
    }
    return mark;
  }
}
