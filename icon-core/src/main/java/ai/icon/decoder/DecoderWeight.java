package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One tensor that a decoder needs.
 *
 * @param name its name in the checkpoint
 * @param shape its shape there
 */
public record DecoderWeight(String name, List<Long> shape) {
  /** Copies the shape. */
  public DecoderWeight {
    requireNonNull(name, "name");
    shape = List.copyOf(shape);
  }

  static DecoderWeight of(String name, long... shape) {
    return new DecoderWeight(name, java.util.Arrays.stream(shape).boxed().toList());
  }
}
