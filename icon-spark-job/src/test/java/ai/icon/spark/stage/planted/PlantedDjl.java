package ai.icon.spark.stage.planted;

import ai.djl.Device;

/** Planted: a stage that sees DJL. */
public final class PlantedDjl {
  /** A native runtime's type where none belongs. */
  public boolean gpu() {
    return Device.cpu().isGpu();
  }
}
