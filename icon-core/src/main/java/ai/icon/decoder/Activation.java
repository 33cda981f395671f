package ai.icon.decoder;

import java.util.Locale;
import java.util.Optional;

/** The curve inside a feed-forward. */
public enum Activation {
  /** x · sigmoid(x), also called swish (arXiv 1702.03118). */
  SILU("torch.silu(%s)"),
  /** x · Φ(x) by the error function (arXiv 1606.08415). */
  GELU("torch.gelu(%s)"),
  /** GELU by its approximation with tanh, which gelu_new writes out. */
  GELU_TANH("torch.gelu(%s, approximate=\"tanh\")"),
  /** max(0, x). */
  RELU("torch.relu(%s)");

  private final String program;

  Activation(String program) {
    this.program = program;
  }

  /** The activation that a config names so, as Transformers spells it; empty if it is unknown. */
  static Optional<Activation> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "silu", "swish" -> Optional.of(SILU);
      case "gelu" -> Optional.of(GELU);
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Optional.of(GELU_TANH);
      case "relu" -> Optional.of(RELU);
      default -> Optional.empty();
    };
  }

  /** TorchScript of the activation applied to a variable. */
  String of(String variable) {
    return program.formatted(variable);
  }
}
