package ai.icon.sample.planted;

import org.apache.spark.PlantedEngine;

/** Planted: core that knows Spark. */
public final class PlantedSpark {
  /** An engine where none belongs. */
  public PlantedEngine engine() {
    return new PlantedEngine();
  }
}
