package ai.icon.djl;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.decoder.Activation;
import ai.icon.decoder.Attention;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.Norm;
import ai.icon.decoder.Rotary;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The oracle: the same decoder operation by operation in plain Java doubles, one sequence at a
 * time, with no prefix, no batch, no chunk and no libtorch. Slow, and easy to read against the
 * papers. It knows the families whose tensors have Llama's names, each projection in its own.
 */
final class ReferenceDecoder {
  private final Checkpoint checkpoint;
  private final DecoderSpec spec;
  private final Map<String, double[][]> matrices = new HashMap<>();

  ReferenceDecoder(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.spec = DjlDecoder.spec(checkpoint);
  }

  /** Negative log-likelihood of ids[first..] given all before, nats. */
  double[] nll(int[] ids, int first) {
    double[][] x = hidden(ids); // [S, H]
    double[][] head = matrix(spec.head().isTied() ? "model.embed_tokens.weight" : "lm_head.weight");
    double[] nll = new double[ids.length - first];
    for (int t = first; t < ids.length; t++) {
      double[] logits = times(head, x[t - 1]); // [V]
      for (int i = 0; i < logits.length; i++) {
        logits[i] = capped(logits[i] * spec.head().multiplier(), spec.head().softCap());
      }
      double max = Double.NEGATIVE_INFINITY;
      for (double logit : logits) {
        max = Math.max(max, logit);
      }
      double sum = 0;
      for (double logit : logits) {
        sum += Math.exp(logit - max);
      }
      nll[t - first] = max + Math.log(sum) - logits[ids[t]];
    }
    return nll;
  }

  /** States after the last norm: [S, H]. */
  double[][] hidden(int[] ids) {
    double[][] embedding = matrix("model.embed_tokens.weight");
    double[][] x = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      x[t] = embedding[ids[t]].clone();
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] *= spec.embedding().multiplier();
      }
    }
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      String block = "model.layers." + layer + ".";
      switch (spec.placement()) {
        case PRE -> {
          add(x, attend(norm(x, block + "input_layernorm"), block, layer));
          add(x, feedForward(norm(x, block + "post_attention_layernorm"), block));
        }
        case POST -> {
          add(x, norm(attend(x, block, layer), block + "post_attention_layernorm"));
          add(x, norm(feedForward(x, block), block + "post_feedforward_layernorm"));
        }
        case SANDWICH -> {
          double[][] a = attend(norm(x, block + "input_layernorm"), block, layer);
          add(x, norm(a, block + "post_attention_layernorm"));
          double[][] f = feedForward(norm(x, block + "pre_feedforward_layernorm"), block);
          add(x, norm(f, block + "post_feedforward_layernorm"));
        }
        case PARALLEL, PARALLEL_ONE_NORM ->
            throw new IllegalArgumentException("no family with Llama's names is parallel");
      }
    }
    return norm(x, "model.norm");
  }

  private double[][] attend(double[][] h, String block, int layer) {
    Attention attention = spec.attention();
    int d = attention.headDimension();
    int window = spec.layers().get(layer).window();
    double[][] q = linear(h, block + "self_attn.q_proj"); // [S, heads · d]
    double[][] k = linear(h, block + "self_attn.k_proj"); // [S, key heads · d]
    double[][] v = linear(h, block + "self_attn.v_proj");
    if (attention.queryKeyNorm() != Attention.QueryKeyNorm.NONE) {
      q = normParts(q, block + "self_attn.q_norm");
      k = normParts(k, block + "self_attn.k_norm");
    }
    rotate(q, attention.heads(), layer);
    rotate(k, attention.keyValueHeads(), layer);
    double[][] mixed = new double[h.length][attention.heads() * d];
    for (int head = 0; head < attention.heads(); head++) {
      int from = head * d;
      int keyFrom = head / attention.groups() * d;
      for (int t = 0; t < h.length; t++) {
        int first = window == 0 ? 0 : Math.max(0, t - window + 1);
        double[] weight = new double[t + 1];
        double sum = 0;
        for (int s = first; s <= t; s++) {
          double dot = 0;
          for (int i = 0; i < d; i++) {
            dot += q[t][from + i] * k[s][keyFrom + i];
          }
          weight[s] = Math.exp(capped(dot * attention.scale(), attention.softCap()));
          sum += weight[s];
        }
        for (int s = first; s <= t; s++) {
          for (int i = 0; i < d; i++) {
            mixed[t][from + i] += weight[s] / sum * v[s][keyFrom + i];
          }
        }
      }
    }
    return linear(mixed, block + "self_attn.o_proj");
  }

  private static double capped(double score, double cap) {
    return cap == 0 ? score : cap * Math.tanh(score / cap);
  }

  private double[][] feedForward(double[][] h, String block) {
    double[][] gate = linear(h, block + "mlp.gate_proj");
    double[][] up = linear(h, block + "mlp.up_proj");
    Activation activation = spec.layers().get(0).feedForward().activation();
    for (int t = 0; t < h.length; t++) {
      for (int i = 0; i < up[t].length; i++) {
        up[t][i] *= activated(activation, gate[t][i]);
      }
    }
    return linear(up, block + "mlp.down_proj");
  }

  private static double activated(Activation activation, double x) {
    return switch (activation) {
      case SILU -> x / (1 + Math.exp(-x));
      case GELU_TANH -> {
        double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        yield 0.5 * x * (1 + Math.tanh(inner));
      }
      case RELU -> Math.max(0, x);
      case GELU -> throw new IllegalArgumentException("Java has no error function");
    };
  }

  private void rotate(double[][] x, int heads, int layer) {
    Rotary rotary = spec.layers().get(layer).rotary();
    float[] frequency = rotary.inverseFrequencies();
    int d = spec.attention().headDimension();
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < heads; head++) {
        for (int i = 0; i < frequency.length; i++) {
          double cos = Math.cos(t * (double) frequency[i]);
          double sin = Math.sin(t * (double) frequency[i]);
          double a = x[t][head * d + i];
          double b = x[t][head * d + i + frequency.length];
          x[t][head * d + i] = a * cos - b * sin;
          x[t][head * d + i + frequency.length] = b * cos + a * sin;
        }
      }
    }
  }

  /** As {@link #norm}, over consecutive parts as wide as the weight: one head, or all of them. */
  private double[][] normParts(double[][] x, String name) {
    int width = matrix(name + ".weight")[0].length;
    double[][] out = new double[x.length][x[0].length];
    for (int from = 0; from < x[0].length; from += width) {
      double[][] part = new double[x.length][];
      for (int t = 0; t < x.length; t++) {
        part[t] = Arrays.copyOfRange(x[t], from, from + width);
      }
      part = norm(part, name);
      for (int t = 0; t < x.length; t++) {
        System.arraycopy(part[t], 0, out[t], from, width);
      }
    }
    return out;
  }

  private double[][] norm(double[][] x, String name) {
    double[] weight = matrix(name + ".weight")[0];
    double offset = spec.norm().kind() == Norm.Kind.RMS_PLUS_ONE ? 1 : 0;
    double[][] out = new double[x.length][weight.length];
    for (int t = 0; t < x.length; t++) {
      double square = 0;
      for (double value : x[t]) {
        square += value * value;
      }
      double scale = 1 / Math.sqrt(square / weight.length + spec.norm().epsilon());
      for (int i = 0; i < weight.length; i++) {
        out[t][i] = x[t][i] * scale * (offset + weight[i]);
      }
    }
    return out;
  }

  private double[][] linear(double[][] x, String name) {
    double[][] weight = matrix(name + ".weight");
    boolean hasBias = checkpoint.find(name + ".bias").isPresent();
    double[][] bias = hasBias ? matrix(name + ".bias") : new double[1][weight.length];
    double[][] out = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      out[t] = times(weight, x[t]);
      for (int i = 0; i < out[t].length; i++) {
        out[t][i] += bias[0][i];
      }
    }
    return out;
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] out = new double[matrix.length];
    for (int row = 0; row < matrix.length; row++) {
      for (int i = 0; i < x.length; i++) {
        out[row] += matrix[row][i] * x[i];
      }
    }
    return out;
  }

  private static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  /** A tensor as rows; a vector is one row. Not to be changed. */
  private double[][] matrix(String name) {
    return matrices.computeIfAbsent(name, this::read);
  }

  private double[][] read(String name) {
    TensorInfo info = checkpoint.find(name).orElseThrow();
    int columns = Math.toIntExact(info.shape().get(info.shape().size() - 1));
    int rows = info.shape().size() == 1 ? 1 : Math.toIntExact(info.shape().get(0));
    ByteBuffer data = checkpoint.map(info, 0, info.bytes());
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] =
            switch (info.type()) {
              case FLOAT32 -> data.getFloat();
              case BFLOAT16 -> Float.intBitsToFloat(data.getShort() << 16);
              case FLOAT16 -> throw new IllegalArgumentException("no fixture is in float16");
            };
      }
    }
    return matrix;
  }
}
