package ai.icon.spark.cli;

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
}
