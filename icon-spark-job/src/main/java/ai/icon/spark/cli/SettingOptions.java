package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Settings as options of a command. Help text and default come from the packed defaults, so that
 * they stand once; values stay text and are checked where files are checked too.
 */
final class SettingOptions {
  private SettingOptions() {}

  /** Adds an option for each setting, grouped by section. */
  static void add(CommandSpec command, Set<Setting> settings, SettingLayers defaults) {
    List<String> sections = settings.stream().map(Setting::section).distinct().toList();
    for (String section : sections) {
      ArgGroupSpec.Builder group =
          ArgGroupSpec.builder()
              .heading("%n" + titled(section) + ":%n")
              .validate(false)
              .exclusive(false)
              .order(sections.indexOf(section));
      settings.stream()
          .filter(setting -> setting.section().equals(section))
          .forEach(setting -> group.addArg(option(setting, defaults)));
      command.addArgGroup(group.build());
    }
  }

  /** The settings that were given, as text or, for lists, as texts. */
  static Map<Setting, Object> given(ParseResult result) {
    Map<Setting, Object> given = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      if (result.hasMatchedOption(setting.option())) {
        refuseRepeated(setting, result);
        given.put(setting, result.matchedOption(setting.option()).getValue());
      }
    }
    return given;
  }

  /** The parser refuses what is given twice, but not where options stand in groups. */
  private static void refuseRepeated(Setting setting, ParseResult result) {
    long times =
        result.matchedOptions().stream()
            .filter(option -> option.longestName().equals(setting.option()))
            .count();
    if (times > 1 && !setting.isList()) {
      throw new UserError(
          "Invalid option " + setting.option() + ": must be given once, got it " + times + " times",
          "Leave one of them.");
    }
  }

  private static OptionSpec option(Setting setting, SettingLayers defaults) {
    OptionSpec.Builder option =
        OptionSpec.builder(setting.option())
            .paramLabel(setting.label())
            .description(description(setting, defaults))
            .order(Arrays.asList(Setting.values()).indexOf(setting));
    if (setting.isSwitch()) {
      return option.arity("0..1").fallbackValue("true").type(String.class).build();
    }
    // More than one value, so that a pattern which the shell has expanded works as well.
    return setting.isList()
        ? option.arity("1..*").type(List.class).auxiliaryTypes(String.class).build()
        : option.arity("1").type(String.class).build();
  }

  private static String description(Setting setting, SettingLayers defaults) {
    String standard = defaults.shown(setting);
    String text = defaults.comment(setting);
    String whole = standard.isEmpty() ? text : text + " Default: " + standard + ".";
    return whole.replace("%", "%%");
  }

  private static String titled(String section) {
    return section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1);
  }
}
