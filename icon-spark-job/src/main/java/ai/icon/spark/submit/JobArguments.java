package ai.icon.spark.submit;

import ai.icon.checkpoint.HubCache;
import ai.icon.error.UserError;
import ai.icon.spark.config.Setting;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.StageName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The job's part of a command line, for a cluster whose processes have other working folders.
 *
 * @param words the command and its options
 * @param configured what {@code --config} files say
 * @param folder the working folder that relative paths start at
 * @param hub the models that Hugging Face's tools have downloaded here
 */
record JobArguments(List<String> words, ConfigFiles configured, Path folder, HubCache hub) {
  private static final String CONFIG = "--config";
  private static final String TABLE = "table:";
  private static final Set<String> SELECTING = Set.of("run", "select", "demo");
  private static final Set<String> PATHS =
      Set.of(
          CONFIG,
          Setting.POOL_SOURCES.option(),
          Setting.ASSESSMENT_SOURCE.option(),
          Setting.MODEL_PATH.option(),
          Setting.RUN_OUT.option());

  /**
   * The words with absolute paths. A model that {@code --archives} unpacks stays relative: it lies
   * in each executor's working folder. The id of a downloaded model stays as it is: every machine
   * looks it up.
   *
   * @throws UserError if a {@code --config} file has a relative path
   */
  List<String> reachable(GivenSettings settings) {
    configured.paths().forEach(this::refuseRelative);
    List<String> unpacked =
        Arrays.stream(settings.of(SparkOption.ARCHIVES.key(), "").split(",", -1))
            .map(archive -> archive.substring(archive.lastIndexOf('#') + 1))
            .filter(name -> !name.isBlank())
            .toList();
    List<String> result = new ArrayList<>();
    String option = "";
    for (String word : words) {
      int at = word.indexOf('=');
      if (word.startsWith("--") && at > 0 && PATHS.contains(word.substring(0, at))) {
        String name = word.substring(0, at);
        result.add(name + "=" + absolute(name, word.substring(at + 1), unpacked));
        option = "";
      } else if (word.startsWith("--")) {
        option = word;
        result.add(word);
      } else {
        result.add(PATHS.contains(option) ? absolute(option, word, unpacked) : word);
      }
    }
    return result;
  }

  private String absolute(String option, String path, List<String> unpacked) {
    boolean isUnpacked =
        option.equals(Setting.MODEL_PATH.option())
            && unpacked.stream().anyMatch(name -> path.equals(name) || path.startsWith(name + "/"));
    boolean stays = isAbsolute(path) || isUnpacked || isDownloaded(option, path);
    return stays ? path : folder + "/" + path;
  }

  /** A relative path and an id look the same: it is an id if the cache knows it. */
  private boolean isDownloaded(String option, String path) {
    return option.equals(Setting.MODEL_PATH.option())
        && HubCache.isId(path)
        && !Files.exists(folder.resolve(path))
        && hub.find(path).isPresent();
  }

  /** Patterns are no paths, so that only the beginning is looked at. */
  private static boolean isAbsolute(String path) {
    return path.isEmpty()
        || path.startsWith("/")
        || path.startsWith(TABLE)
        || path.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*");
  }

  private void refuseRelative(String key, String path) {
    boolean isModel = key.equals(Setting.MODEL_PATH.key());
    if (!isAbsolute(path) && !(isModel && isDownloaded(Setting.MODEL_PATH.option(), path))) {
      throw new UserError(
          "Invalid setting " + key + ": must be an absolute path on a cluster, got " + path,
          "Other machines have other working folders: write " + folder + "/" + path + " or a URI.");
    }
  }

  /** The run folder, absolute. */
  String runFolder() {
    String option = Setting.RUN_OUT.option();
    String stored = configured.paths().getOrDefault(Setting.RUN_OUT.key(), "");
    String given = value(option).orElse(stored);
    if (given.isEmpty()) {
      throw Setting.RUN_OUT.invalid("name the run's folder", "nothing");
    }
    return absolute(option, given, List.of());
  }

  /** What a job that selects prints last: the folder of the selection. Otherwise empty. */
  String result() {
    String last = value("--until").orElse(StageName.SELECT.text());
    boolean selects = SELECTING.contains(words.get(0)) && last.equals(StageName.SELECT.text());
    return selects ? runFolder() + "/" + Table.SELECTION.folder() : "";
  }

  private Optional<String> value(String option) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals(option) && i + 1 < words.size()) {
        return Optional.of(words.get(i + 1));
      }
      if (word.startsWith(option + "=")) {
        return Optional.of(word.substring(option.length() + 1));
      }
    }
    return Optional.empty();
  }
}
