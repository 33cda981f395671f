package ai.icon.spark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads settings by type. A value may stand as itself (in a file) or as text (on the command line);
 * one of the wrong type is refused in the same words as one out of range.
 */
final class SettingReader {
  private final Config config;

  SettingReader(Config config) {
    this.config = config;
  }

  String text(Setting setting) {
    try {
      return config.getString(setting.key());
    } catch (ConfigException.WrongType | ConfigException.Null e) {
      throw setting.invalid("be a text or a number", shown(setting));
    }
  }

  int whole(Setting setting, String rule) {
    try {
      return Integer.parseInt(text(setting));
    } catch (NumberFormatException e) {
      throw setting.invalid(rule, text(setting));
    }
  }

  long longWhole(Setting setting, String rule) {
    try {
      return Long.parseLong(text(setting));
    } catch (NumberFormatException e) {
      throw setting.invalid(rule, text(setting));
    }
  }

  boolean isOn(Setting setting) {
    String text = text(setting);
    setting.check(text.equals("true") || text.equals("false"), "be true or false", text);
    return text.equals("true");
  }

  double number(Setting setting, String rule) {
    return number(setting, rule, text(setting));
  }

  <E extends Enum<E>> E oneOf(Setting setting, Class<E> kinds) {
    return oneOf(setting, kinds, SettingReader::text);
  }

  /** One of the kinds, by the names that they have in settings. */
  <E extends Enum<E>> E oneOf(Setting setting, Class<E> kinds, Function<E, String> name) {
    String text = text(setting);
    for (E kind : kinds.getEnumConstants()) {
      if (name.apply(kind).equals(text)) {
        return kind;
      }
    }
    String all =
        Arrays.stream(kinds.getEnumConstants()).map(name).collect(Collectors.joining(", "));
    throw setting.invalid("be one of " + all, text);
  }

  List<String> texts(Setting setting) {
    ConfigValue value = config.getValue(setting.key());
    if (value.valueType() == ConfigValueType.STRING) {
      return List.of(text(setting));
    }
    try {
      return List.copyOf(config.getStringList(setting.key()));
    } catch (ConfigException.WrongType e) {
      throw setting.invalid("be a list of texts", shown(setting));
    }
  }

  /** A table: an object in a file, {@code a=b,c=d} on the command line. */
  SortedMap<String, String> table(Setting setting) {
    ConfigValue value = config.getValue(setting.key());
    SortedMap<String, String> table = new TreeMap<>();
    if (value.valueType() == ConfigValueType.OBJECT) {
      Map<?, ?> entries = (Map<?, ?>) value.unwrapped();
      entries.forEach((name, entry) -> table.put(String.valueOf(name), String.valueOf(entry)));
      return table;
    }
    for (String pair : text(setting).split(",", -1)) {
      int equals = pair.indexOf('=');
      boolean isPair = equals > 0 && equals < pair.length() - 1;
      setting.check(isPair, "be pairs name=value with commas between", text(setting));
      String name = pair.substring(0, equals).strip();
      String before = table.putIfAbsent(name, pair.substring(equals + 1).strip());
      setting.check(before == null, "name " + name + " once", text(setting));
    }
    return table;
  }

  double number(Setting setting, String rule, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw setting.invalid(rule, text);
    }
  }

  /** How a choice is written in settings: {@code PROMPT_COMPLETION} as prompt-completion. */
  static String text(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String shown(Setting setting) {
    return config.root().withOnlyKey("icon").toConfig().hasPath(setting.key())
        ? config.getValue(setting.key()).unwrapped().toString()
        : "null";
  }
}
