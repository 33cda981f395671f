package ai.icon.decoder;

/** Reads how rotary frequencies are stretched, by the {@code rope_type} of a config. */
final class ScalingReader {
  private final ConfigReader config;
  private final ConfigReader rope;
  private final double theta;
  private final int dimension;

  /**
   * @param config the whole config
   * @param rope the object inside that says how to rotate
   * @param theta base of the frequencies
   * @param dimension components of a head that are rotated
   */
  ScalingReader(ConfigReader config, ConfigReader rope, double theta, int dimension) {
    this.config = config;
    this.rope = rope;
    this.theta = theta;
    this.dimension = dimension;
  }

  RotaryScaling read() {
    // Older configs write "type" for "rope_type".
    String type = rope.text("rope_type", rope.text("type", "default"));
    return switch (type) {
      case "default" -> new RotaryScaling.None();
      case "linear" -> new RotaryScaling.Linear(rope.number("factor"));
      case "dynamic" -> dynamic();
      case "llama3" ->
          new RotaryScaling.Llama3(
              rope.number("factor"),
              rope.number("low_freq_factor"),
              rope.number("high_freq_factor"),
              rope.number("original_max_position_embeddings"));
      // Phi's first configs say "su" or "yarn" of what is LongRoPE.
      case "longrope", "su" -> longRope();
      case "yarn" -> rope.has("short_factor") ? longRope() : yarn();
      default -> throw rope.unsupported("rope_type \"" + type + "\"");
    };
  }

  /** Stretches only what is longer than the context, and nothing longer than it is ever run. */
  private RotaryScaling dynamic() {
    if (rope.has("alpha")) {
      throw rope.unsupported("alpha of rope_type \"dynamic\"");
    }
    return new RotaryScaling.None();
  }

  private RotaryScaling longRope() {
    int original = originalContext();
    double factor = factor(original);
    double usual =
        factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(Math.max(2, original)));
    return new RotaryScaling.LongRope(
        rope.numbers("short_factor", dimension / 2),
        rope.numbers("long_factor", dimension / 2),
        original,
        rope.number("attention_factor", usual));
  }

  private RotaryScaling yarn() {
    int original = originalContext();
    double factor = factor(original);
    double first = pair(original, usualIfZero("beta_fast", 32));
    double last = pair(original, usualIfZero("beta_slow", 1));
    if (rope.flag("truncate", true)) {
      first = Math.floor(first);
      last = Math.ceil(last);
    }
    // Bounded by the components, not by their pairs: so it was released.
    first = Math.max(first, 0);
    last = Math.min(last, dimension - 1);
    return new RotaryScaling.Yarn(
        factor, first, first == last ? last + 0.001 : last, yarnMagnitude(factor));
  }

  /** The pair, not rounded, that turns so often over the original context. */
  private double pair(double original, double turns) {
    return dimension * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  private double yarnMagnitude(double factor) {
    double scale = rope.number("mscale", 0);
    double scaleOfAll = rope.number("mscale_all_dim", 0);
    double usual =
        scale != 0 && scaleOfAll != 0
            ? yarnMagnitude(factor, scale) / yarnMagnitude(factor, scaleOfAll)
            : yarnMagnitude(factor, 1);
    return rope.number("attention_factor", usual);
  }

  /** What the paper found best (section 3.4), times a weight. */
  private static double yarnMagnitude(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  private double usualIfZero(String key, double usual) {
    double value = rope.number(key, usual);
    return value == 0 ? usual : value;
  }

  /** Tokens trained on before the stretching; Phi names them beside rope_scaling, others in it. */
  private int originalContext() {
    String key = "original_max_position_embeddings";
    int context = config.integer("max_position_embeddings", 2048);
    int original = config.integer(key, rope.integer(key, context));
    Bounds.require(key, original, Bounds.WIDTH);
    return original;
  }

  /** How much longer the context became. */
  private double factor(int original) {
    double ratio = config.integer("max_position_embeddings", 2048) / (double) original;
    return rope.number("factor", ratio);
  }
}
