package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.io.PrintStream;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands share: settings as options, exit codes in the help. */
@Command(
    sortOptions = false,
    usageHelpWidth = 100,
    synopsisHeading = "%nUsage: ",
    abbreviateSynopsis = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the command is missing or incomplete",
      "2:an input or a setting is wrong; the message says how to mend it",
      "3:icon failed by a mistake of its own",
      "4:memory, disk or device gave out, or another driver is at the run"
    })
abstract class IconCommand implements Callable<Integer> {
  private final Commands commands;
  private final PrintStream out;

  @Mixin private CommonMixin common;
  @Spec private CommandSpec spec;

  IconCommand(Commands commands, PrintStream out) {
    this.commands = commands;
    this.out = out;
  }

  /** The settings that are options of this command. */
  abstract Set<Setting> settings();

  /** Does the work. */
  abstract void execute();

  @Override
  public final Integer call() {
    execute();
    return exitCode();
  }

  /** How the process ends when {@link #execute} threw nothing. */
  int exitCode() {
    return ExitCode.DONE.number();
  }

  Commands commands() {
    return commands;
  }

  /** Standard output. */
  PrintStream out() {
    return out;
  }

  boolean verbose() {
    return common.verbose();
  }

  /** Puts the --config files and then the options over some layers. */
  SettingLayers given(SettingLayers layers) {
    return common.over(layers).options(SettingOptions.given(spec.commandLine().getParseResult()));
  }

  /** The Spark settings of the --config files. */
  SortedMap<String, String> sparkSettings() {
    return common.over(SettingLayers.defaults()).sparkSettings();
  }

  /** The run folder that was given, in a file or as an option. */
  String outFolder() {
    String folder = given(SettingLayers.defaults()).text(Setting.RUN_OUT);
    if (folder.isBlank()) {
      throw Setting.RUN_OUT.invalid("name the run's folder", "nothing");
    }
    return folder;
  }
}
