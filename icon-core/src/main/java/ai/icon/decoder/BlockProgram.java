package ai.icon.decoder;

import ai.icon.decoder.Attention.QueryKeyNorm;

/**
 * Writes the method that runs one kind of layer: {@code block(weights, past, out, layer, at, x,
 * [cos, sin,] mask, keep)} gives the residual stream behind the layer, [B, S, H]. {@code at} is
 * where the block's weights begin. Only what the spec asks for is written.
 */
final class BlockProgram {
  private final DecoderSpec spec;
  private final Layer layer;
  private final BlockLayout layout;
  private final ProgramText text = new ProgramText();

  private BlockProgram(DecoderSpec spec, Layer layer) {
    this.spec = spec;
    this.layer = layer;
    this.layout = BlockLayout.of(spec, layer.feedForward());
  }

  /** The method's text. */
  static String of(DecoderSpec spec, Layer layer, String name) {
    return new BlockProgram(spec, layer).method(name);
  }

  private String method(String name) {
    String turn = layer.rotary().isUsed() ? "cos: Tensor, sin: Tensor, " : "";
    text.open(
        "def "
            + name
            + "(self: __torch__.Decoder, weights: List[Tensor], past: List[Tensor], out:"
            + " List[Tensor], layer: int, at: int, x: Tensor, "
            + turn
            + "mask: Tensor, keep: bool) -> Tensor:");
    text.line("batch = torch.size(x, 0)").line("tokens = torch.size(x, 1)");
    if (spec.placement().isNormedBefore()) {
      text.line("h = " + norm("x", Role.ATTENTION_NORM));
    } else {
      text.line("h = x");
    }
    keysAndValues();
    // Of the last layer of a prefix nothing but keys and values is ever read.
    text.open("if torch.__and__(keep, torch.eq(layer, " + (spec.layers().size() - 1) + ")):")
        .line("pass")
        .close()
        .open("else:");
    attend();
    addToStream();
    return text.close().line("return x").toString();
  }

  private void keysAndValues() {
    Attention attention = spec.attention();
    int heads = attention.keyValueHeads();
    text.line("k = " + linear("h", Role.KEY));
    headsOf("k", heads, Role.KEY_NORM);
    text.line("v = self.heads(" + linear("h", Role.VALUE) + ", " + heads + ")");
    text.open("if keep:")
        .line("_0 = torch.append(out, k)")
        .line("_1 = torch.append(out, v)")
        .close()
        .open("else:")
        .line("pass")
        .close();
  }

  /** Splits a variable into heads, normalised and rotated as the spec says. */
  private void headsOf(String name, int heads, Role norm) {
    QueryKeyNorm kind = spec.attention().queryKeyNorm();
    text.lineIf(kind == QueryKeyNorm.WIDTH, name + " = " + normIf(kind, name, norm));
    text.line(name + " = self.heads(" + name + ", " + heads + ")"); // [B, heads, S, d]
    text.lineIf(kind == QueryKeyNorm.HEAD, name + " = " + normIf(kind, name, norm));
    if (kind == QueryKeyNorm.OWN) {
      ownNorms(name, heads, norm);
    }
    text.lineIf(layer.rotary().isUsed(), name + " = self.rotate(" + name + ", cos, sin)");
  }

  /** Each head [B, 1, S, d] by a layer norm with a weight of its own. */
  private void ownNorms(String name, int heads, Role norm) {
    int first = layout.place(norm);
    String own = "torch.slice(weights, torch.add(at, %d), torch.add(at, %d), 1)";
    String wide =
        "torch.layer_norm(torch.to(%s, 6), [%d], None, None, %s)"
            .formatted(
                name, spec.attention().headDimension(), ProgramText.number(spec.norm().epsilon()));
    text.line("own = torch.unsqueeze(torch.stack(" + own.formatted(first, first + heads) + "), 1)")
        .line(name + " = torch.to(torch.mul(" + wide + ", own), ops.prim.dtype(" + name + "))");
  }

  private String normIf(QueryKeyNorm kind, String name, Role norm) {
    return kind == QueryKeyNorm.NONE ? name : norm(name, norm);
  }

  private void attend() {
    Attention attention = spec.attention();
    int keyHeads = attention.keyValueHeads();
    int d = attention.headDimension();
    text.line("q = " + linear("h", Role.QUERY));
    headsOf("q", attention.heads(), Role.QUERY_NORM);
    // The query heads of one key head stand below each other: no key is ever repeated.
    text.lineIf(
        attention.groups() > 1,
        "q = torch.reshape(q, [batch, %d, torch.mul(tokens, %d), %d])"
            .formatted(keyHeads, attention.groups(), d));
    text.open("if torch.gt(torch.len(past), 0):")
        .line("pk = torch.expand(past[torch.mul(layer, 2)], [batch, -1, -1, -1])")
        .line("pv = torch.expand(past[torch.add(torch.mul(layer, 2), 1)], [batch, -1, -1, -1])")
        .line("k = torch.cat([pk, k], 2)")
        .line("v = torch.cat([pv, v], 2)")
        .close()
        .open("else:")
        .line("pass")
        .close();
    if (attention.softCap() > 0) {
      cappedScores();
    } else {
      text.line("a = torch.scaled_dot_product_attention(q, k, v, mask, 0., False" + scale() + ")");
    }
    text.lineIf(
        attention.groups() > 1,
        "a = torch.reshape(a, [batch, %d, tokens, %d])".formatted(attention.heads(), d));
    text.line(
        "a = torch.reshape(torch.transpose(a, 1, 2), [batch, tokens, %d])"
            .formatted(attention.queryWidth()));
    text.line("a = " + linear("a", Role.ATTENTION_OUTPUT));
    text.lineIf(
        spec.placement().isNormedBehind(),
        "a = " + (spec.placement().isNormedBehind() ? norm("a", Role.ATTENTION_POST_NORM) : ""));
  }

  /** The fused kernel knows no cap: scores in float32, capped, masked, weighed. */
  private void cappedScores() {
    Attention attention = spec.attention();
    double cap = attention.softCap();
    text.line("s = torch.to(torch.matmul(q, torch.transpose(k, 2, 3)), 6)")
        .line(
            "s = torch.mul(torch.tanh(torch.mul(s, %s)), %s)"
                .formatted(ProgramText.number(attention.scale() / cap), ProgramText.number(cap)))
        .line("s = torch.softmax(torch.add(s, mask), -1)")
        .line("a = torch.matmul(torch.to(s, ops.prim.dtype(v)), v)");
  }

  private String scale() {
    Attention attention = spec.attention();
    double usual = 1 / Math.sqrt(attention.headDimension());
    return attention.scale() == usual ? "" : ", scale=" + ProgramText.number(attention.scale());
  }

  private void addToStream() {
    Placement placement = spec.placement();
    if (!placement.isParallel()) {
      add("a");
    }
    if (placement.hasFeedForwardNorm()) {
      text.line("h = " + norm("x", Role.FEED_FORWARD_NORM));
    } else if (placement == Placement.POST) {
      text.line("h = x");
    }
    feedForward();
    if (placement.isNormedBehind()) {
      text.line("f = " + norm("f", Role.FEED_FORWARD_POST_NORM));
    }
    if (placement.isParallel()) {
      add("a");
    }
    add("f");
  }

  private void add(String name) {
    double multiplier = spec.residualMultiplier();
    String part =
        multiplier == 1 ? name : "torch.mul(" + name + ", " + ProgramText.number(multiplier) + ")";
    text.line("x = torch.add(x, " + part + ")");
  }

  private void feedForward() {
    if (layer.feedForward() instanceof FeedForward.Dense dense) {
      String up = linear("h", Role.UP);
      if (dense.isGated()) {
        text.line("g = " + linear("h", Role.GATE));
        text.line("f = torch.mul(" + dense.activation().of("g") + ", " + up + ")");
      } else {
        text.line("u = " + up);
        text.line("f = " + dense.activation().of("u"));
      }
      text.line("f = " + linear("f", Role.DOWN));
    } else if (layer.feedForward() instanceof FeedForward.Experts experts) {
      text.lines(ExpertsProgram.of(experts, layout, spec.hidden()));
    }
  }

  private String norm(String input, Role role) {
    String bias = layout.hasBias(role) ? ", " + weight(layout.place(role) + 1) : "";
    return "self.norm(" + input + ", " + weight(layout.place(role)) + bias + ")";
  }

  private String linear(String input, Role role) {
    String bias = layout.hasBias(role) ? ", " + weight(layout.place(role) + 1) : "";
    return "torch.linear(" + input + ", " + weight(layout.place(role)) + bias + ")";
  }

  private static String weight(int place) {
    return place == 0 ? "weights[at]" : "weights[torch.add(at, " + place + ")]";
  }
}
