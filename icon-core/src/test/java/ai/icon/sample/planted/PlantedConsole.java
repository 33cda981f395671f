package ai.icon.sample.planted;

/** Planted: prints. */
public final class PlantedConsole {
  /** Says hello where nobody asked. */
  public void greet() {
    System.out.println("hello");
  }
}
