package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Map;

/**
 * How samples become token sequences (method: Loss).
 *
 * @param template how a sample is written
 * @param separator text between a demonstration and the prompt; may be empty
 * @param demonstrationTokens longest demonstration in tokens; from 1
 * @param promptTokens longest prompt in tokens; from 1
 * @param responseTokens longest response in tokens; from 1
 */
public record PromptConfig(
    Template template,
    String separator,
    int demonstrationTokens,
    int promptTokens,
    int responseTokens)
    implements Serializable {

  private static final String TOKENS = "be a whole number of tokens from 1";

  /** How a sample is written. */
  public enum Template {
    RICO,
    CHAT;

    /** The name in settings. */
    public String text() {
      return SettingReader.text(this);
    }
  }

  /** Checks every rule. */
  public PromptConfig {
    requireNonNull(template, "template");
    requireNonNull(separator, "separator");
    Setting.PROMPT_DEMONSTRATION_TOKENS.check(
        demonstrationTokens >= 1, TOKENS, demonstrationTokens);
    Setting.PROMPT_PROMPT_TOKENS.check(promptTokens >= 1, TOKENS, promptTokens);
    Setting.PROMPT_RESPONSE_TOKENS.check(responseTokens >= 1, TOKENS, responseTokens);
  }

  static PromptConfig read(SettingReader reader) {
    return new PromptConfig(
        reader.oneOf(Setting.PROMPT_TEMPLATE, Template.class),
        reader.text(Setting.PROMPT_SEPARATOR),
        reader.whole(Setting.PROMPT_DEMONSTRATION_TOKENS, TOKENS),
        reader.whole(Setting.PROMPT_PROMPT_TOKENS, TOKENS),
        reader.whole(Setting.PROMPT_RESPONSE_TOKENS, TOKENS));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.PROMPT_TEMPLATE, template.text());
    values.put(Setting.PROMPT_SEPARATOR, separator);
    values.put(Setting.PROMPT_DEMONSTRATION_TOKENS, Integer.toString(demonstrationTokens));
    values.put(Setting.PROMPT_PROMPT_TOKENS, Integer.toString(promptTokens));
    values.put(Setting.PROMPT_RESPONSE_TOKENS, Integer.toString(responseTokens));
  }
}
