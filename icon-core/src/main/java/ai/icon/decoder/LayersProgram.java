package ai.icon.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the way from ids to hidden states: {@code blocks(weights, past, ids [B, S], keep)} makes
 * what layers share – embeddings, rotations, masks – and calls a method for each layer. Layers that
 * are alike share a method. With {@code keep} it returns keys and values of all layers, otherwise
 * the hidden states behind the last norm, [B, S, H].
 */
final class LayersProgram {
  /**
   * What a score that is not seen gets. Not minus infinity: a row without any finite score would
   * turn into NaN inside the kernel.
   */
  private static final String LOWEST = "-1e+30";

  private final DecoderSpec spec;
  private final List<Rotary> rotaries;
  private final List<Layer> kinds;
  private final List<Integer> windows;
  private final ProgramText text = new ProgramText();

  LayersProgram(DecoderSpec spec) {
    this.spec = spec;
    this.rotaries = spec.rotaries();
    this.kinds = spec.layers().stream().distinct().toList();
    this.windows = spec.layers().stream().map(Layer::window).distinct().toList();
  }

  /** The methods of each kind of layer, and {@code blocks}, which runs them. */
  String text() {
    for (int kind = 0; kind < kinds.size(); kind++) {
      text.lines(BlockProgram.of(spec, kinds.get(kind), "block" + kind));
    }
    text.open(
            "def blocks(self: __torch__.Decoder, weights: List[Tensor], past: List[Tensor], ids:"
                + " Tensor, keep: bool) -> List[Tensor]:")
        .line("out = annotate(List[Tensor], [])")
        .line("tokens = torch.size(ids, 1)")
        .line("before = 0")
        .open("if torch.gt(torch.len(past), 0):")
        .line("before = torch.size(past[0], 2)")
        .close()
        .open("else:")
        .line("before = 0")
        .close()
        .line("span = torch.add(before, tokens)");
    embed();
    turns();
    masks();
    layers();
    text.open("if keep:")
        .line("pass")
        .close()
        .open("else:")
        .line("_2 = torch.append(out, " + finalNorm() + ")")
        .close()
        .line("return out")
        .close();
    return text.toString();
  }

  /** Where the output projection stands among the weights. */
  int outputPlace() {
    if (spec.head().isTied()) {
      return rotaries.size();
    }
    return finalNormPlace() + (spec.norm().kind().hasBias() ? 2 : 1);
  }

  private void embed() {
    DecoderSpec.Embedding embedding = spec.embedding();
    text.line("x = torch.embedding(weights[" + rotaries.size() + "], ids)");
    text.lineIf(
        embedding.multiplier() != 1,
        "x = torch.mul(x, " + ProgramText.number(embedding.multiplier()) + ")");
    text.lineIf(
        embedding.hasPositions(),
        "x = torch.add(x, torch.slice(weights["
            + (rotaries.size() + 1)
            + "], 0, before, span, 1))");
    text.line("type = ops.prim.dtype(x)");
  }

  private void turns() {
    if (rotaries.isEmpty()) {
      return;
    }
    text.line("place = torch.arange(before, span, dtype=6, device=ops.prim.device(x))")
        .line("place = torch.unsqueeze(place, 1)");
    for (int i = 0; i < rotaries.size(); i++) {
      double magnitude = rotaries.get(i).scaling().magnitude();
      text.line("angle = torch.mul(place, torch.unsqueeze(weights[" + i + "], 0))");
      for (String curve : List.of("cos", "sin")) {
        String value = "torch." + curve + "(angle)";
        if (magnitude != 1) {
          value = "torch.mul(" + value + ", " + ProgramText.number(magnitude) + ")";
        }
        text.line(curve + i + " = torch.to(" + value + ", type)");
      }
    }
  }

  private void masks() {
    text.line("ones = torch.ones([tokens, span], dtype=11, device=ops.prim.device(x))")
        .line("causal = torch.tril(ones, before)")
        .line("none = torch.zeros([tokens, span], dtype=type, device=ops.prim.device(x))");
    for (int i = 0; i < windows.size(); i++) {
      int window = windows.get(i);
      // A token sees itself and window − 1 tokens before it, whether they stand in the prefix or
      // not.
      text.line("hidden = torch.logical_not(causal)");
      text.lineIf(
          window > 0,
          "hidden = torch.logical_or(hidden, torch.tril(ones, torch.sub(before, " + window + ")))");
      text.line("mask" + i + " = torch.masked_fill(none, hidden, " + LOWEST + ")");
      int groups = spec.attention().groups();
      text.lineIf(groups > 1, "mask" + i + " = torch.repeat(mask" + i + ", [" + groups + ", 1])");
    }
  }

  private void layers() {
    List<Integer> starts = starts();
    int count = spec.layers().size();
    if (kinds.size() == 1) {
      int size = starts.get(1) - starts.get(0);
      text.open("for layer in range(" + count + "):")
          .line("at = torch.add(torch.mul(layer, " + size + "), " + starts.get(0) + ")")
          .line(call(0))
          .close();
      return;
    }
    text.line("starts = [" + join(starts.subList(0, count)) + "]")
        .line("kinds = [" + join(spec.layers().stream().map(kinds::indexOf).toList()) + "]")
        .open("for layer in range(" + count + "):")
        .line("at = starts[layer]")
        .line("kind = kinds[layer]");
    for (int kind = 0; kind < kinds.size() - 1; kind++) {
      text.open("if torch.eq(kind, " + kind + "):").line(call(kind)).close().open("else:");
    }
    text.line(call(kinds.size() - 1));
    for (int kind = 0; kind < kinds.size(); kind++) {
      text.close();
    }
  }

  private String call(int kind) {
    Layer layer = kinds.get(kind);
    int turn = rotaries.indexOf(layer.rotary());
    String turns = layer.rotary().isUsed() ? "cos" + turn + ", sin" + turn + ", " : "";
    return "x = self.block%d(weights, past, out, layer, at, x, %smask%d, keep)"
        .formatted(kind, turns, windows.indexOf(layer.window()));
  }

  /** Where the weights of each layer begin, and behind them where the last norm stands. */
  private List<Integer> starts() {
    List<Integer> starts = new ArrayList<>();
    int next = rotaries.size() + 1 + (spec.embedding().hasPositions() ? 1 : 0);
    starts.add(next);
    for (Layer layer : spec.layers()) {
      next += BlockLayout.of(spec, layer.feedForward()).size();
      starts.add(next);
    }
    return starts;
  }

  private int finalNormPlace() {
    return starts().get(spec.layers().size());
  }

  private String finalNorm() {
    int place = finalNormPlace();
    String bias = spec.norm().kind().hasBias() ? ", weights[" + (place + 1) + "]" : "";
    return "self.norm(x, weights[" + place + "]" + bias + ")";
  }

  private static String join(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
