package ai.icon.prompt;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chat templates that are understood, each as one pattern over its whole text, so that what is
 * accepted is rendered exactly. Free are only: white space within a tag, white-space control
 * (nothing stands between the tags), a newline written as itself or as {@code \n}, {@code
 * message.role} for {@code message['role']}, and the two marks PREAMBLE and TRIM; a preamble's own
 * text has no quote, escape or opening angle bracket.
 */
final class ChatTemplateText {
  private static final String GENERATE = "{% if add_generation_prompt %}{{ '%s' }}{% endif %}";

  private static final String PREAMBLE =
      "{% if loop.first and FIRST_OR_THIS.role != 'system' %}"
          + "{{ '<|im_start|>systemNLTEXT<|im_end|>NL' }}{% endif %}";

  /** ChatML: every turn as it stands; at most a system turn in front. */
  private static final Pattern CHATML =
      pattern(
          "{% for message in messages %}PREAMBLE"
              + "{{ '<|im_start|>' + message.role + 'NL' + message.contentTRIM + '<|im_end|>NL' }}"
              + "{% endfor %}"
              + GENERATE.replace("%s", "<|im_start|>assistantNL"));

  /** ChatML: a system turn only where it comes first. */
  private static final Pattern CHATML_LEADING_SYSTEM =
      pattern(
          "{% if FIRST.role == 'system' %}"
              + "{{ '<|im_start|>systemNL' + FIRST.content + '<|im_end|>NL' }}{% endif %}"
              + "{% for message in messages %}{% if message.role != 'system' %}"
              + "{{ '<|im_start|>' + message.role + 'NL' + message.contentTRIM + '<|im_end|>NL' }}"
              + "{% endif %}{% endfor %}"
              + GENERATE.replace("%s", "<|im_start|>assistantNL"));

  /** Llama 3 as first published: headers, and the BOS text before the first turn. */
  private static final Pattern HEADERS =
      pattern(
          "{% set loop_messages = messages %}{% for message in loop_messages %}"
              + "{% set content = '<|start_header_id|>' + message.role"
              + " + '<|end_header_id|>NLNL' + message.contentTRIM + '<|eot_id|>' %}"
              + "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
              + "{{ content }}{% endfor %}"
              + GENERATE.replace("%s", "<|start_header_id|>assistant<|end_header_id|>NLNL"));

  private ChatTemplateText() {}

  /** How the template writes turns, or nothing where it is not understood. */
  static Optional<TurnStyle> style(String template) {
    Matcher chatMl = CHATML.matcher(template);
    if (chatMl.matches()) {
      return Optional.of(TurnStyle.chatMl(preamble(chatMl), trims(chatMl), false));
    }
    Matcher leadingSystem = CHATML_LEADING_SYSTEM.matcher(template);
    if (leadingSystem.matches()) {
      return Optional.of(TurnStyle.chatMl("", trims(leadingSystem), true));
    }
    Matcher headers = HEADERS.matcher(template);
    return headers.matches() ? Optional.of(TurnStyle.headers(trims(headers))) : Optional.empty();
  }

  private static boolean trims(Matcher matcher) {
    return matcher.group("trim") != null;
  }

  private static String preamble(Matcher matcher) {
    String text = matcher.group("text");
    return text == null ? "" : "<|im_start|>system\n" + text.replace("\\n", "\n") + "<|im_end|>\n";
  }

  /** One newline at the template's end is dropped by Jinja. */
  private static Pattern pattern(String specification) {
    String preamble = "(?:" + regex(PREAMBLE) + ")?";
    return Pattern.compile(regex(specification).replace("PREAMBLE", preamble) + "\\n?");
  }

  private static String regex(String specification) {
    return specification
        .replaceAll("[\\[\\](){}.+|?*^$\\\\]", "\\\\$0")
        .replace("\\{%", "\\{%-?")
        .replace("%\\}", "-?%\\}")
        .replace("\\{\\{", "\\{\\{-?")
        .replace("\\}\\}", "-?\\}\\}")
        .replaceAll("\\\\\\.(role|content)", "(?:\\\\.$1|\\\\['$1'\\\\]|\\\\[\"$1\"\\\\])")
        .replace("FIRST_OR_THIS", "(?:messages\\[0\\]|message)")
        .replace("FIRST", "messages\\[0\\]")
        .replace("TRIM", "(?<trim>\\s*\\|\\s*trim)?")
        .replace("TEXT", "(?<text>(?:[^'\\\\<]++|\\\\n)*+)")
        .replace("NL", "(?:'\\s*\\+\\s*')?(?:\\n|\\\\n)")
        .replace(" ", "\\s*");
  }
}
