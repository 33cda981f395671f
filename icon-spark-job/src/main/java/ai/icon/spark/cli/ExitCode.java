package ai.icon.spark.cli;

import java.util.Arrays;

/** How the process ends. */
enum ExitCode {
  DONE(0),
  USAGE(1),
  USER_ERROR(2),
  BUG(3),
  RESOURCE_ERROR(4);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The code of that number. */
  static ExitCode of(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst().orElseThrow();
  }
}
