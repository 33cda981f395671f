package ai.icon.spark.cli;

import ai.icon.spark.config.Nearest;
import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says in one message what is wrong with a command line. A wrong option or value is the user's
 * error (2); a missing or unknown command or argument is a matter of usage (1).
 */
final class UsageErrors implements IParameterExceptionHandler {
  private final PrintStream err;

  UsageErrors(PrintStream err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] arguments) {
    String command = thrown.getCommandLine().getCommandSpec().qualifiedName();
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command);
    }
    ExitCode code = isMissingArgument(thrown) ? ExitCode.USAGE : ExitCode.USER_ERROR;
    return fail(code, firstLine(thrown.getMessage()), "See: " + command + " --help");
  }

  private int unmatched(UnmatchedArgumentException thrown, String command) {
    CommandLine line = thrown.getCommandLine();
    String word = thrown.getUnmatched().get(0);
    if (word.startsWith("-")) {
      String option = word.split("=", 2)[0];
      return fail(
          ExitCode.USER_ERROR,
          "Invalid option " + option + ": " + command + " has no such option",
          meant(option, line.getCommandSpec().optionsMap().keySet(), command));
    }
    Collection<String> commands = line.getSubcommands().keySet();
    if (!commands.isEmpty()) {
      return fail(
          ExitCode.USAGE,
          "Invalid command " + word + ": " + command + " has no such command",
          meant(word, commands, command));
    }
    return fail(
        ExitCode.USAGE,
        "Invalid argument " + word + ": " + command + " takes no such argument",
        "Quote a value that holds spaces or patterns. See: " + command + " --help");
  }

  private static String meant(String word, Collection<String> known, String command) {
    List<String> whole = known.stream().filter(k -> !k.matches("-[^-]")).toList();
    return "Did you mean " + Nearest.to(word, whole) + "? See: " + command + " --help";
  }

  /** Whether a file or the like is missing, and not just the value of an option. */
  private static boolean isMissingArgument(ParameterException thrown) {
    return thrown instanceof MissingParameterException missing
        && missing.getMissing().stream().noneMatch(ArgSpec::isOption);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  private int fail(ExitCode code, String message, String cure) {
    err.println("icon: " + message + "\n  " + cure);
    return code.number();
  }
}
