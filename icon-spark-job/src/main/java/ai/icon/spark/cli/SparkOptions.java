package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.spark.submit.SparkOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Spark's options in the help of the commands that open a session. {@code submit/icon} takes them
 * off the line and hands them to spark-submit; of those that still get here, the master and single
 * settings can be met and all others come too late.
 *
 * @param master where the job runs
 * @param settings of Spark, key to value
 */
record SparkOptions(String master, SortedMap<String, String> settings) {
  private static final String ALL_CORES = "local[*]";

  /** Adds them to a command that has the options of a job. */
  static void add(CommandSpec command) {
    if (command.mixins().values().stream().noneMatch(SparkOptions::isOfAJob)) {
      return;
    }
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder()
            .heading("%nSpark (submit/icon hands these to spark-submit):%n")
            .validate(false)
            .exclusive(false)
            .order(Integer.MAX_VALUE);
    int place = 0;
    for (SparkOption option : SparkOption.values()) {
      group.addArg(spec(option, place++));
    }
    command.addArgGroup(group.build());
  }

  private static boolean isOfAJob(CommandSpec mixin) {
    return mixin.userObject() instanceof JobMixin;
  }

  private static OptionSpec spec(SparkOption option, int place) {
    OptionSpec.Builder spec =
        OptionSpec.builder(option.option())
            .paramLabel(option.label())
            .description(option.help())
            .order(place)
            .arity("1");
    return option == SparkOption.CONF
        ? spec.type(Map.class).auxiliaryTypes(String.class, String.class).build()
        : spec.type(String.class).build();
  }

  /**
   * Those that were given.
   *
   * @param configured Spark settings of the --config files; spark-submit has put them together with
   *     its own where it started this process
   * @throws UserError if one was given that only spark-submit can act on
   */
  static SparkOptions given(ParseResult result, SortedMap<String, String> configured) {
    for (SparkOption option : SparkOption.values()) {
      boolean isMet = option == SparkOption.MASTER || option == SparkOption.CONF;
      if (!isMet && result.hasMatchedOption(option.option())) {
        throw new UserError(
            "Cannot use " + option.option() + " here: only spark-submit can act on it.",
            "Run submit/icon, or give it to spark-submit before the name of the jar.");
      }
    }
    SortedMap<String, String> settings = new TreeMap<>(configured);
    settings.keySet().removeIf(key -> System.getProperty(key) != null);
    Map<String, String> conf = result.matchedOptionValue(SparkOption.CONF.option(), Map.of());
    settings.putAll(conf);
    String key = SparkOption.MASTER.key();
    String otherwise = System.getProperty(key, settings.getOrDefault(key, ALL_CORES));
    String master = result.matchedOptionValue(SparkOption.MASTER.option(), otherwise);
    settings.remove(key);
    return new SparkOptions(master.isBlank() ? otherwise : master, settings);
  }
}
