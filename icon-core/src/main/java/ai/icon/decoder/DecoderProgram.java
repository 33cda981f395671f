package ai.icon.decoder;

/**
 * Writes a decoder as the text of a TorchScript module. The module holds no weights: they are
 * passed in as a list, in the order of {@link DecoderWeights} with the frequencies of {@link
 * DecoderSpec#rotaries()} in front.
 *
 * <p>Methods of the module (B sequences, S tokens each, P tokens of prefix, H hidden):
 *
 * <ul>
 *   <li>{@code encode(weights, ids [1, P])}: keys and values of every block, 2 × layers tensors [1,
 *       key heads, P, head dimension]
 *   <li>{@code score(weights, past, ids [B, S], positions [N], targets [N])}: negative
 *       log-likelihoods [N] in float32 of {@code targets} at {@code positions} of the B·S hidden
 *       states laid in a row; {@code past} is what {@code encode} returned, or what {@code nothing}
 *       returns
 *   <li>{@code embed(weights, ids [B, S], lengths [B])}: mean and last hidden state after the last
 *       norm, float32 [B, 2H]
 *   <li>{@code nothing()}: the past of an empty prefix
 *   <li>{@code product(weights, size, type, times)}: a square matrix product where the weights are,
 *       the device's ceiling
 *   <li>{@code not_finite(x)}: how many numbers of a tensor are NaN or infinite, one int64; one
 *       pass over them, and a second one only if their sum is not finite
 *   <li>{@code turned(x, low, high)}: columns of a matrix as rows
 *   <li>{@code view_as(x, type)}, {@code cast(x, type)}: bytes read as another type, values
 *       converted
 * </ul>
 */
public final class DecoderProgram {
  /** Output rows that are held at a time: the logits of a batch never stand in memory whole. */
  private static final int VOCABULARY_CHUNK = 8_192;

  private static final String PLAIN =
      """
      def nothing(self: __torch__.Decoder) -> List[Tensor]:
        past = annotate(List[Tensor], [])
        return past
      def view_as(self: __torch__.Decoder, x: Tensor, type: int) -> Tensor:
        return torch.view_copy(x, type)
      def cast(self: __torch__.Decoder, x: Tensor, type: int) -> Tensor:
        return torch.to(x, type, False, True)
      def turned(self: __torch__.Decoder, x: Tensor, low: int, high: int) -> Tensor:
        return torch.clone(torch.transpose(torch.slice(x, 1, low, high, 1), 0, 1), memory_format=0)
      def not_finite(self: __torch__.Decoder, x: Tensor) -> Tensor:
        total = torch.sum(x, dtype=6)
        count = torch.to(torch.logical_not(torch.isfinite(total)), 4)
        if bool(torch.isfinite(total)):
          pass
        else:
          count = torch.sum(torch.logical_not(torch.isfinite(x)))
        return count
      def product(self: __torch__.Decoder, weights: List[Tensor], size: int, type: int, times: int) -> Tensor:
        x = torch.ones([size, size], dtype=type, device=ops.prim.device(weights[0]))
        y = x
        for i in range(times):
          y = torch.matmul(x, x)
        return y
      """;

  private static final String RMS =
      """
      def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor) -> Tensor:
        wide = torch.to(x, 6)
        square = torch.mean(torch.mul(wide, wide), [-1], True)
        wide = torch.mul(wide, torch.rsqrt(torch.add(square, ${epsilon})))
        return torch.to(torch.mul(weight, wide), ops.prim.dtype(x))
      """;

  private static final String LAYER =
      """
      def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        wide = torch.layer_norm(torch.to(x, 6), [torch.size(x, -1)], weight, bias, ${epsilon})
        return torch.to(wide, ops.prim.dtype(x))
      """;

  private static final String LAYER_WITHOUT_BIAS =
      """
      def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor) -> Tensor:
        wide = torch.layer_norm(torch.to(x, 6), [torch.size(x, -1)], weight, None, ${epsilon})
        return torch.to(wide, ops.prim.dtype(x))
      """;

  private static final String HEADS =
      """
      def heads(self: __torch__.Decoder, x: Tensor, count: int) -> Tensor:
        split = torch.view(x, [torch.size(x, 0), torch.size(x, 1), count, ${head}])
        return torch.transpose(split, 1, 2)
      """;

  private static final String ROTATE =
      """
      def rotate(self: __torch__.Decoder, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        a = torch.slice(x, -1, 0, ${half}, 1)
        b = torch.slice(x, -1, ${half}, ${rotary}, 1)
        left = torch.sub(torch.mul(a, cos), torch.mul(b, sin))
        right = torch.add(torch.mul(b, cos), torch.mul(a, sin))
        return torch.cat([left, right${rest}], -1)
      """;

  private static final String CALLS =
      """
      def encode(self: __torch__.Decoder, weights: List[Tensor], ids: Tensor) -> List[Tensor]:
        past = annotate(List[Tensor], [])
        return self.blocks(weights, past, ids, True)
      def score(self: __torch__.Decoder, weights: List[Tensor], past: List[Tensor], ids: Tensor, positions: Tensor, targets: Tensor) -> Tensor:
        x = (self.blocks(weights, past, ids, False))[0]
        h = torch.index_select(torch.view(x, [-1, ${hidden}]), 0, positions)
        head = weights[${output}]
        total = torch.full([torch.size(h, 0)], -inf, dtype=6, device=ops.prim.device(h))
        chosen = torch.zeros([torch.size(h, 0)], dtype=6, device=ops.prim.device(h))
        for chunk in range(${chunks}):
          low = torch.mul(chunk, ${chunk})
          high = torch.add(low, ${chunk})
          if torch.gt(high, ${vocabulary}):
            high = ${vocabulary}
          else:
            pass
          logits = torch.to(torch.linear(h, torch.slice(head, 0, low, high, 1)), 6)
          ${logits}
          total = torch.logaddexp(total, torch.logsumexp(logits, [1]))
          inside = torch.logical_and(torch.ge(targets, low), torch.lt(targets, high))
          local = torch.clamp(torch.sub(targets, low), 0, torch.sub(torch.sub(high, low), 1))
          here = torch.squeeze(torch.gather(logits, 1, torch.unsqueeze(local, 1)), 1)
          chosen = torch.where(inside, here, chosen)
        return torch.sub(total, chosen)
      def embed(self: __torch__.Decoder, weights: List[Tensor], ids: Tensor, lengths: Tensor) -> Tensor:
        past = annotate(List[Tensor], [])
        x = torch.to((self.blocks(weights, past, ids, False))[0], 6)
        place = torch.unsqueeze(torch.arange(torch.size(ids, 1), device=ops.prim.device(x)), 0)
        real = torch.to(torch.lt(place, torch.unsqueeze(lengths, 1)), 6)
        total = torch.sum(torch.mul(x, torch.unsqueeze(real, 2)), [1])
        mean = torch.div(total, torch.unsqueeze(torch.to(lengths, 6), 1))
        end = torch.view(torch.sub(lengths, 1), [-1, 1, 1])
        last = torch.squeeze(torch.gather(x, 1, torch.expand(end, [-1, 1, ${hidden}])), 1)
        return torch.cat([mean, last], 1)
      """;

  private final DecoderSpec spec;
  private final LayersProgram layers;

  private DecoderProgram(DecoderSpec spec) {
    this.spec = spec;
    this.layers = new LayersProgram(spec);
  }

  /** The module's source, class {@code __torch__.Decoder}. */
  public static String source(DecoderSpec spec) {
    return new DecoderProgram(spec).module();
  }

  private String module() {
    ProgramText text = new ProgramText();
    text.open("class Decoder(Module):")
        .line("__parameters__ = []")
        .line("__buffers__ = []")
        .line("training : bool")
        .lines(PLAIN)
        .lines(norm().replace("${epsilon}", ProgramText.number(spec.norm().epsilon())))
        .lines(HEADS.replace("${head}", text(spec.attention().headDimension())));
    if (!spec.rotaries().isEmpty()) {
      text.lines(rotate());
    }
    return text.lines(layers.text()).lines(calls()).toString();
  }

  private String norm() {
    return switch (spec.norm().kind()) {
      case RMS, RMS_PLUS_ONE -> RMS; // the 1 was added when the weight was read
      case LAYER -> LAYER;
      case LAYER_WITHOUT_BIAS -> LAYER_WITHOUT_BIAS;
    };
  }

  private String rotate() {
    int rotated = spec.rotaries().get(0).dimension();
    int head = spec.attention().headDimension();
    String rest = rotated == head ? "" : ", torch.slice(x, -1, %d, %d, 1)".formatted(rotated, head);
    return ROTATE
        .replace("${half}", text(rotated / 2))
        .replace("${rotary}", text(rotated))
        .replace("${rest}", rest);
  }

  private String calls() {
    int vocabulary = spec.vocabulary();
    return CALLS
        .replace("${logits}", logits())
        .replace("${hidden}", text(spec.hidden()))
        .replace("${output}", text(layers.outputPlace()))
        .replace("${vocabulary}", text(vocabulary))
        .replace("${chunks}", text((vocabulary + VOCABULARY_CHUNK - 1) / VOCABULARY_CHUNK))
        .replace("${chunk}", text(VOCABULARY_CHUNK));
  }

  /** What is done to logits before their softmax, one expression or nothing. */
  private String logits() {
    DecoderSpec.OutputHead head = spec.head();
    if (head.softCap() > 0) {
      return "logits = torch.mul(torch.tanh(torch.mul(logits, %s)), %s)"
          .formatted(
              ProgramText.number(head.multiplier() / head.softCap()),
              ProgramText.number(head.softCap()));
    }
    return head.multiplier() == 1
        ? "pass"
        : "logits = torch.mul(logits, " + ProgramText.number(head.multiplier()) + ")";
  }

  private static String text(int value) {
    return Integer.toString(value);
  }
}
