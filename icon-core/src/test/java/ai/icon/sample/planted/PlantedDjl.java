package ai.icon.sample.planted;

import ai.djl.Device;

/** Planted: sees DJL outside of the one package that may. */
public final class PlantedDjl {
  /** A native runtime's type where none belongs. */
  public boolean gpu() {
    return Device.cpu().isGpu();
  }
}
