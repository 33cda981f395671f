package ai.icon.spark.stage.planted;

import ai.icon.spark.cli.planted.PlantedCycle;

/** Planted: a stage that ends the process, and that knows the command line. */
public final class PlantedExit {
  /** Takes everything with it. */
  public void stop(PlantedCycle cycle) {
    System.exit(cycle.code());
  }
}
