package ai.icon.decoder;

/**
 * Checks of the sizes in a spec. Each has an upper bound far above any decoder: a config that was
 * damaged must be refused, not end in an allocation that the machine cannot make.
 */
final class Bounds {
  /** Most components of a vector, entries of a vocabulary, tokens of a context. */
  static final int WIDTH = 1 << 28;

  /** Most layers. */
  static final int LAYERS = 1_000;

  /** Most experts of a layer. */
  static final int EXPERTS = 1 << 10;

  /** Most heads, and components of a head. */
  static final int PARTS = 1 << 16;

  private Bounds() {}

  static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "Invalid "
              + name
              + ": must be at least 1"
              + (value > most ? " and at most " + most : "")
              + ", got "
              + value);
    }
  }

  static void requireFactor(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": must be above 0 and finite, got " + value);
    }
  }

  static void requireCap(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": must be above 0 and finite, or 0 for none, got " + value);
    }
  }
}
