package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.selector.SelectorKind;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * The selector (method: Selector).
 *
 * @param kind what predicts
 * @param holdOut share of the scored samples kept out of training; in (0, 1)
 */
public record SelectorConfig(Kind kind, double holdOut) implements Serializable {

  private static final String HOLD_OUT = "be a share above 0 and below 1";

  /** What predicts the contribution of a sample that was not scored. */
  public enum Kind {
    /** Hidden states of the model. */
    PROBE,
    /** Text alone. */
    NGRAM,
    /** Nothing: only scored samples can be ranked. */
    NONE;

    /** The name in settings. */
    public String text() {
      return SettingReader.text(this);
    }

    /** The selector to train, or nothing. */
    public Optional<SelectorKind> trained() {
      return switch (this) {
        case PROBE -> Optional.of(SelectorKind.PROBE);
        case NGRAM -> Optional.of(SelectorKind.NGRAM);
        case NONE -> Optional.empty();
      };
    }
  }

  /** Checks every rule. */
  public SelectorConfig {
    requireNonNull(kind, "kind");
    Setting.SELECTOR_HOLD_OUT.check(holdOut > 0 && holdOut < 1, HOLD_OUT, holdOut);
  }

  static SelectorConfig read(SettingReader reader) {
    return new SelectorConfig(
        reader.oneOf(Setting.SELECTOR_KIND, Kind.class),
        reader.number(Setting.SELECTOR_HOLD_OUT, HOLD_OUT));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.SELECTOR_KIND, kind.text());
    values.put(Setting.SELECTOR_HOLD_OUT, Double.toString(holdOut));
  }
}
