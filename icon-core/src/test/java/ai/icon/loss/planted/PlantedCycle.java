package ai.icon.loss.planted;

import ai.icon.sample.planted.PlantedImport;

/** Planted: with {@link PlantedImport}, a cycle between sample and loss. */
public final class PlantedCycle {
  /** Round and round. */
  public int tokens() {
    return new PlantedImport().hashCode();
  }
}
