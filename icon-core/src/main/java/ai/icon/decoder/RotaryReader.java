package ai.icon.decoder;

/**
 * Reads how a config rotates queries and keys. Keys of Transformers 4 ({@code rope_theta}, {@code
 * rope_scaling}) and 5 ({@code rope_parameters}) are both understood, and GPT-NeoX's own ({@code
 * rotary_emb_base}, {@code rotary_pct}).
 */
final class RotaryReader {
  private final ConfigReader config;
  private final int headDimension;
  private final double usualTheta;
  private final double usualShare;

  /**
   * @param config the whole config
   * @param headDimension components of a head
   * @param usualTheta base of the frequencies where the config names none
   * @param usualShare share of a head that is rotated where the config names none
   */
  RotaryReader(ConfigReader config, int headDimension, double usualTheta, double usualShare) {
    this.config = config;
    this.headDimension = headDimension;
    this.usualTheta = usualTheta;
    this.usualShare = usualShare;
  }

  /** The one rotation of a config that has no other. */
  Rotary read() {
    ConfigReader rope = config.inner("rope_parameters");
    return read(rope.isObject() ? rope : config.inner("rope_scaling"));
  }

  /** The rotation that an object inside the config says. */
  Rotary read(ConfigReader rope) {
    double theta =
        rope.number(
            "rope_theta",
            config.number("rope_theta", config.number("rotary_emb_base", usualTheta)));
    double share =
        rope.number(
            "partial_rotary_factor",
            config.number("partial_rotary_factor", config.number("rotary_pct", usualShare)));
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Invalid partial_rotary_factor: must be above 0 and at most 1, got " + share);
    }
    int dimension = (int) (headDimension * share);
    if (dimension < 2) {
      throw new IllegalArgumentException(
          "Invalid rotary dimension: must be even and at least 2, got " + dimension);
    }
    return new Rotary(theta, dimension, new ScalingReader(config, rope, theta, dimension).read());
  }
}
