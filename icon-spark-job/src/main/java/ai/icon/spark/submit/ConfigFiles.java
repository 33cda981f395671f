package ai.icon.spark.submit;

import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the {@code --config} files of a command line say of Spark and of places.
 *
 * @param spark Spark's settings: the block {@code spark} beside {@code icon}, key to value
 * @param paths the settings of icon that are single paths and set there, key to value
 */
public record ConfigFiles(SortedMap<String, String> spark, SortedMap<String, String> paths) {
  private static final String CONFIG = "--config";

  /** Copies the maps. */
  public ConfigFiles {
    spark = Collections.unmodifiableSortedMap(new TreeMap<>(spark));
    paths = Collections.unmodifiableSortedMap(new TreeMap<>(paths));
  }

  /**
   * Reads the files that a command line names.
   *
   * @throws ai.icon.error.UserError if one cannot be read, or has a key that nothing reads
   */
  public static ConfigFiles of(List<String> arguments) {
    SettingLayers layers = SettingLayers.defaults();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (word.equals(CONFIG) && i + 1 < arguments.size()) {
        layers = layers.file(Path.of(arguments.get(i + 1)));
      } else if (word.startsWith(CONFIG + "=")) {
        layers = layers.file(Path.of(word.substring(CONFIG.length() + 1)));
      }
    }
    SortedMap<String, String> paths = new TreeMap<>();
    for (Setting setting :
        List.of(Setting.ASSESSMENT_SOURCE, Setting.MODEL_PATH, Setting.RUN_OUT)) {
      if (!layers.text(setting).isEmpty()) {
        paths.put(setting.key(), layers.text(setting));
      }
    }
    return new ConfigFiles(layers.sparkSettings(), paths);
  }
}
