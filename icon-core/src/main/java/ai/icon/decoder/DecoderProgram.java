package ai.icon.decoder;

import java.util.Locale;

/**
 * Writes a decoder as the text of a TorchScript module. The module holds no weights: they are
 * passed in as a list, in the order of {@link DecoderWeights} with the rotary frequencies in front.
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
 *   <li>{@code view_as(x, type)}, {@code cast(x, type)}: bytes read as another type, values
 *       converted
 * </ul>
 */
public final class DecoderProgram {
  /** Output rows that are held at a time: the logits of a batch never stand in memory whole. */
  private static final int VOCABULARY_CHUNK = 8_192;

  private static final String TEXT =
      """
      class Decoder(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def nothing(self: __torch__.Decoder) -> List[Tensor]:
          past = annotate(List[Tensor], [])
          return past
        def view_as(self: __torch__.Decoder, x: Tensor, type: int) -> Tensor:
          return torch.view_copy(x, type)
        def cast(self: __torch__.Decoder, x: Tensor, type: int) -> Tensor:
          return torch.to(x, type, False, True)
        def product(self: __torch__.Decoder, weights: List[Tensor], size: int, type: int, times: int) -> Tensor:
          x = torch.ones([size, size], dtype=type, device=ops.prim.device(weights[0]))
          y = x
          for i in range(times):
            y = torch.matmul(x, x)
          return y
        def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor) -> Tensor:
          wide = torch.to(x, 6)
          square = torch.mean(torch.mul(wide, wide), [-1], True)
          wide = torch.mul(wide, torch.rsqrt(torch.add(square, ${epsilon})))
          return torch.mul(weight, torch.to(wide, ops.prim.dtype(x)))
        def rotate(self: __torch__.Decoder, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
          a = torch.slice(x, -1, 0, ${half}, 1)
          b = torch.slice(x, -1, ${half}, ${rotary}, 1)
          left = torch.sub(torch.mul(a, cos), torch.mul(b, sin))
          right = torch.add(torch.mul(b, cos), torch.mul(a, sin))
          return torch.cat([left, right], -1)
        def heads(self: __torch__.Decoder, x: Tensor, count: int) -> Tensor:
          split = torch.view(x, [torch.size(x, 0), torch.size(x, 1), count, ${head}])
          return torch.transpose(split, 1, 2)
        def blocks(self: __torch__.Decoder, weights: List[Tensor], past: List[Tensor], ids: Tensor, keep: bool) -> List[Tensor]:
          out = annotate(List[Tensor], [])
          batch = torch.size(ids, 0)
          tokens = torch.size(ids, 1)
          before = 0
          if torch.gt(torch.len(past), 0):
            before = torch.size(past[0], 2)
          else:
            before = 0
          x = torch.embedding(weights[1], ids)
          type = ops.prim.dtype(x)
          place = torch.arange(before, torch.add(before, tokens), dtype=6, device=ops.prim.device(x))
          angle = torch.mul(torch.unsqueeze(place, 1), torch.unsqueeze(weights[0], 0))
          cos = torch.to(torch.cos(angle), type)
          sin = torch.to(torch.sin(angle), type)
          seen = torch.ones([tokens, torch.add(before, tokens)], dtype=11, device=ops.prim.device(x))
          seen = torch.tril(seen, before)
          mask = torch.zeros([tokens, torch.add(before, tokens)], dtype=type, device=ops.prim.device(x))
          mask = torch.masked_fill(mask, torch.logical_not(seen), ${lowest})
          mask = torch.repeat(mask, [${groups}, 1])
          for layer in range(${layers}):
            at = torch.add(torch.mul(layer, ${per_block}), 2)
            h = self.norm(x, weights[at])
            k = self.rotate(self.heads(${k}, ${key_heads}), cos, sin)
            v = self.heads(${v}, ${key_heads})
            if keep:
              _0 = torch.append(out, k)
              _1 = torch.append(out, v)
            else:
              pass
            if torch.__and__(keep, torch.eq(layer, ${last_layer})):
              pass
            else:
              q = self.rotate(self.heads(${q}, ${query_heads}), cos, sin)
              q = torch.reshape(q, [batch, ${key_heads}, torch.mul(tokens, ${groups}), ${head}])
              if torch.gt(before, 0):
                pk = torch.expand(past[torch.mul(layer, 2)], [batch, -1, -1, -1])
                pv = torch.expand(past[torch.add(torch.mul(layer, 2), 1)], [batch, -1, -1, -1])
                k = torch.cat([pk, k], 2)
                v = torch.cat([pv, v], 2)
              else:
                pass
              a = torch.scaled_dot_product_attention(q, k, v, mask, 0., False)
              a = torch.reshape(a, [batch, ${query_heads}, tokens, ${head}])
              a = torch.reshape(torch.transpose(a, 1, 2), [batch, tokens, ${query_width}])
              x = torch.add(x, ${o})
              h = self.norm(x, weights[torch.add(at, ${post_norm})])
              gate = torch.mul(torch.silu(${gate}), ${up})
              x = torch.add(x, ${down})
          if keep:
            pass
          else:
            _2 = torch.append(out, self.norm(x, weights[${final_norm}]))
          return out
        def encode(self: __torch__.Decoder, weights: List[Tensor], ids: Tensor) -> List[Tensor]:
          past = annotate(List[Tensor], [])
          return self.blocks(weights, past, ids, True)
        def score(self: __torch__.Decoder, weights: List[Tensor], past: List[Tensor], ids: Tensor, positions: Tensor, targets: Tensor) -> Tensor:
          x = (self.blocks(weights, past, ids, False))[0]
          h = torch.index_select(torch.view(x, [-1, ${hidden}]), 0, positions)
          head = weights[${output}]
          total = torch.full([torch.size(h, 0)], ${minus_infinity}, dtype=6, device=ops.prim.device(h))
          chosen = torch.zeros([torch.size(h, 0)], dtype=6, device=ops.prim.device(h))
          for chunk in range(${chunks}):
            low = torch.mul(chunk, ${chunk})
            high = torch.add(low, ${chunk})
            if torch.gt(high, ${vocabulary}):
              high = ${vocabulary}
            else:
              pass
            logits = torch.to(torch.linear(h, torch.slice(head, 0, low, high, 1)), 6)
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

  private DecoderProgram() {}

  /** The module's source, class {@code __torch__.Decoder}. */
  public static String source(DecoderSpec spec) {
    DecoderSpec.Attention attention = spec.attention();
    int perBlock = DecoderWeights.perBlock(spec);
    int finalNorm = 2 + spec.layers() * perBlock;
    String text = TEXT;
    Block block = new Block(attention.bias(), spec.feedForwardBias());
    text = put(text, "q", block.attention("h", 1));
    text = put(text, "k", block.attention("h", 2));
    text = put(text, "v", block.attention("h", 3));
    text = put(text, "o", block.attention("a", 4));
    text = put(text, "post_norm", block.postNorm());
    text = put(text, "gate", block.feedForward("h", 0));
    text = put(text, "up", block.feedForward("h", 1));
    text = put(text, "down", block.feedForward("gate", 2));
    text = put(text, "epsilon", number(spec.normEpsilon()));
    text = put(text, "half", attention.rotary().dimension() / 2);
    text = put(text, "rotary", attention.rotary().dimension());
    text = put(text, "head", attention.headDimension());
    text = put(text, "key_heads", attention.keyValueHeads());
    text = put(text, "query_heads", attention.heads());
    text = put(text, "query_width", attention.heads() * attention.headDimension());
    text = put(text, "groups", attention.groups());
    text = put(text, "layers", spec.layers());
    text = put(text, "last_layer", spec.layers() - 1);
    text = put(text, "per_block", perBlock);
    text = put(text, "final_norm", finalNorm);
    text = put(text, "output", spec.tiedHead() ? 1 : finalNorm + 1);
    text = put(text, "hidden", spec.hidden());
    text = put(text, "vocabulary", spec.vocabulary());
    text = put(text, "chunk", VOCABULARY_CHUNK);
    text = put(text, "chunks", (spec.vocabulary() + VOCABULARY_CHUNK - 1) / VOCABULARY_CHUNK);
    // Not minus infinity: a row without any finite score would turn into NaN inside the kernel.
    text = put(text, "lowest", "-1e+30");
    return put(text, "minus_infinity", "-inf");
  }

  private static String put(String text, String name, Object value) {
    return text.replace("${" + name + "}", value.toString());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.17e", value);
  }

  /** Where the tensors of a block stand behind its first, by their order in DecoderWeights. */
  private record Block(boolean attentionBias, boolean feedForwardBias) {
    /** The projection 1 to 4 (q, k, v, o) applied to a variable. */
    String attention(String input, int which) {
      int at = attentionBias ? 2 * which - 1 : which;
      return linear(input, at, attentionBias);
    }

    int postNorm() {
      return attentionBias ? 9 : 5;
    }

    /** The projection 0 to 2 (gate, up, down) applied to a variable. */
    String feedForward(String input, int which) {
      int at = postNorm() + 1 + (feedForwardBias ? 2 * which : which);
      return linear(input, at, feedForwardBias);
    }

    private static String linear(String input, int at, boolean bias) {
      String weight = "weights[torch.add(at, " + at + ")]";
      return bias
          ? "torch.linear(" + input + ", " + weight + ", weights[torch.add(at, " + (at + 1) + ")])"
          : "torch.linear(" + input + ", " + weight + ")";
    }
  }
}
