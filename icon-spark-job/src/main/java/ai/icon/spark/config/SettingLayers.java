package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings as text, one layer over the other: the packed defaults, what a run folder stores, a
 * file, the command line. A later layer wins. Every layer is checked for keys that nothing reads.
 * Immutable.
 */
public final class SettingLayers {
  private static final String DEFAULTS = "/icon/icon-defaults.conf";
  private static final ConfigParseOptions STRICT =
      ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);

  private static final String SPARK = "spark.";

  private final Config merged;

  private SettingLayers(Config merged) {
    this.merged = merged;
  }

  /** The lowest layer: {@code conf/icon-defaults.conf} as packed into the jar. */
  public static SettingLayers defaults() {
    URL packed =
        requireNonNull(SettingLayers.class.getResource(DEFAULTS), DEFAULTS + " is not packed");
    Config config = ConfigFactory.parseURL(packed, STRICT);
    refuseUnknownKeys(config);
    return new SettingLayers(config);
  }

  /**
   * Adds the settings that a run folder stores.
   *
   * @param text what {@link RunConfig#render} gave
   * @throws UserError if it does not parse or holds a key that this version does not know
   */
  public SettingLayers stored(String text) {
    ConfigParseOptions options = STRICT.setOriginDescription("the run folder's settings");
    return with(
        parsed("the run folder's settings", () -> ConfigFactory.parseString(text, options)));
  }

  /**
   * Adds a file of settings (HOCON, of which JSON is a part); {@code ${NAME}} stands for an
   * environment variable.
   *
   * @throws UserError if it cannot be read or parsed, or holds an unknown key
   */
  public SettingLayers file(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new UserError(
          "Cannot read settings: " + file + " is not a readable file", "Check --config.");
    }
    return with(parsed(file.toString(), () -> ConfigFactory.parseFile(file.toFile(), STRICT)));
  }

  /**
   * What the files say of Spark: the settings in the block {@code spark} beside {@code icon}, with
   * their full names. None of them changes a result.
   */
  public SortedMap<String, String> sparkSettings() {
    SortedMap<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : merged.entrySet()) {
      if (entry.getKey().startsWith(SPARK)) {
        String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
        settings.put(key, entry.getValue().unwrapped().toString());
      }
    }
    return settings;
  }

  /**
   * Adds what was given on the command line.
   *
   * @param given for each setting its text, or a list of texts where it {@link Setting#isList}
   */
  public SettingLayers options(Map<Setting, ?> given) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<Setting, ?> entry : given.entrySet()) {
      Setting setting = entry.getKey();
      config =
          config.withValue(
              setting.key(), ConfigValueFactory.fromAnyRef(entry.getValue(), setting.option()));
    }
    return with(config);
  }

  /** One setting as text, unchecked: for what must be known before the rest can be read. */
  public String text(Setting setting) {
    return new SettingReader(merged).text(setting);
  }

  /** The comment over a setting in the packed defaults, as one line. */
  public String comment(Setting setting) {
    List<String> lines = merged.getValue(setting.key()).origin().comments();
    return String.join(" ", lines.stream().map(String::strip).toList());
  }

  /** The value of a setting for help: its text, or nothing where it is empty. */
  public String shown(Setting setting) {
    boolean isPlain = !setting.isList() && !setting.isTable();
    return isPlain ? text(setting).replace("\n", "\\n") : "";
  }

  SettingReader reader() {
    return new SettingReader(merged);
  }

  private SettingLayers with(Config layer) {
    refuseUnknownKeys(layer);
    return new SettingLayers(layer.withFallback(merged));
  }

  private interface Parse {
    Config get();
  }

  private static Config parsed(String name, Parse parse) {
    try {
      return parse.get().resolve();
    } catch (ConfigException e) {
      throw new UserError(
          "Cannot read settings: " + name + ": " + e.getMessage(),
          "Mend the file; conf/icon-defaults.conf shows its form.",
          e);
    }
  }

  private static void refuseUnknownKeys(Config layer) {
    layer.entrySet().stream()
        .filter(entry -> !isKnown(entry.getKey()))
        .min(Map.Entry.comparingByKey())
        .ifPresent(
            entry -> {
              throw unknown(entry.getKey(), entry.getValue());
            });
  }

  private static boolean isKnown(String path) {
    return path.startsWith(SPARK)
        || Arrays.stream(Setting.values())
            .anyMatch(s -> path.equals(s.key()) || (s.isTable() && path.startsWith(s.key() + ".")));
  }

  private static UserError unknown(String path, ConfigValue value) {
    String key = String.join(".", ConfigUtil.splitPath(path));
    List<String> known = Arrays.stream(Setting.values()).map(Setting::key).toList();
    return new UserError(
        "Invalid setting " + key + ": no such setting, at " + place(value.origin()),
        "Did you mean " + Nearest.to(key, known) + "? conf/icon-defaults.conf lists all.");
  }

  private static String place(ConfigOrigin origin) {
    String name = origin.filename() == null ? origin.description() : origin.filename();
    boolean hasLine = origin.filename() != null && origin.lineNumber() > 0;
    return hasLine ? name + ":" + origin.lineNumber() : name;
  }
}
