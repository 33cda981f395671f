package ai.icon.spark.stage.planted;

import picocli.CommandLine;

/** Planted: a stage that parses a command line. */
public final class PlantedParser {
  /** An option where none belongs. */
  public CommandLine parser() {
    return new CommandLine(this);
  }
}
