package ai.icon.sample.planted;

import ai.icon.loss.planted.PlantedCycle;

/** Planted: sample imports loss. */
public final class PlantedImport {
  /** Against the order of the data. */
  public int tokens(PlantedCycle cycle) {
    return cycle.tokens();
  }
}
