package ai.icon.spark.cli.planted;

import ai.icon.spark.stage.planted.PlantedExit;

/** Planted: with {@link PlantedExit}, a cycle between cli and stage. */
public final class PlantedCycle {
  /** Round and round. */
  public int code() {
    return new PlantedExit().hashCode();
  }
}
