package ai.icon.djl;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.decoder.DecoderSpec;
import java.nio.ByteBuffer;

/**
 * The oracle: the same decoder operation by operation in plain Java doubles, one sequence at a
 * time, with no prefix, no batch, no chunk and no libtorch. Slow, and easy to read against the
 * paper.
 */
final class ReferenceDecoder {
  private final Checkpoint checkpoint;
  private final DecoderSpec spec;

  ReferenceDecoder(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.spec = DjlDecoder.spec(checkpoint);
  }

  /** Negative log-likelihood of ids[first..] given all before, nats. */
  double[] nll(int[] ids, int first) {
    double[][] x = hidden(ids); // [S, H]
    double[][] head = matrix(spec.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight");
    double[] nll = new double[ids.length - first];
    for (int t = first; t < ids.length; t++) {
      double[] logits = times(head, x[t - 1]); // [V]
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
    }
    for (int layer = 0; layer < spec.layers(); layer++) {
      String block = "model.layers." + layer + ".";
      attend(x, block);
      feedForward(x, block);
    }
    return norm(x, "model.norm.weight");
  }

  private void attend(double[][] x, String block) {
    DecoderSpec.Attention attention = spec.attention();
    int d = attention.headDimension();
    double[][] h = norm(x, block + "input_layernorm.weight");
    double[][] q = linear(h, block + "self_attn.q_proj.weight"); // [S, heads · d]
    double[][] k = linear(h, block + "self_attn.k_proj.weight"); // [S, key heads · d]
    double[][] v = linear(h, block + "self_attn.v_proj.weight");
    rotate(q, attention.heads());
    rotate(k, attention.keyValueHeads());
    double[][] mixed = new double[x.length][attention.heads() * d];
    for (int head = 0; head < attention.heads(); head++) {
      int from = head * d;
      int keyFrom = head / attention.groups() * d;
      for (int t = 0; t < x.length; t++) {
        double[] weight = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double dot = 0;
          for (int i = 0; i < d; i++) {
            dot += q[t][from + i] * k[s][keyFrom + i];
          }
          weight[s] = Math.exp(dot / Math.sqrt(d));
          sum += weight[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < d; i++) {
            mixed[t][from + i] += weight[s] / sum * v[s][keyFrom + i];
          }
        }
      }
    }
    add(x, linear(mixed, block + "self_attn.o_proj.weight"));
  }

  private void feedForward(double[][] x, String block) {
    double[][] h = norm(x, block + "post_attention_layernorm.weight");
    double[][] gate = linear(h, block + "mlp.gate_proj.weight");
    double[][] up = linear(h, block + "mlp.up_proj.weight");
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < up[t].length; i++) {
        up[t][i] *= gate[t][i] / (1 + Math.exp(-gate[t][i]));
      }
    }
    add(x, linear(up, block + "mlp.down_proj.weight"));
  }

  private void rotate(double[][] x, int heads) {
    float[] frequency = spec.attention().rotary().inverseFrequencies();
    int d = spec.attention().headDimension();
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < heads; head++) {
        for (int i = 0; i < frequency.length; i++) {
          double cos = Math.cos(t * (double) frequency[i]);
          double sin = Math.sin(t * (double) frequency[i]);
          double a = x[t][head * d + i];
          double b = x[t][head * d + i + d / 2];
          x[t][head * d + i] = a * cos - b * sin;
          x[t][head * d + i + d / 2] = b * cos + a * sin;
        }
      }
    }
  }

  private double[][] norm(double[][] x, String name) {
    double[] weight = matrix(name)[0];
    double[][] out = new double[x.length][weight.length];
    for (int t = 0; t < x.length; t++) {
      double square = 0;
      for (double value : x[t]) {
        square += value * value;
      }
      double scale = 1 / Math.sqrt(square / weight.length + spec.normEpsilon());
      for (int i = 0; i < weight.length; i++) {
        out[t][i] = x[t][i] * scale * weight[i];
      }
    }
    return out;
  }

  private double[][] linear(double[][] x, String name) {
    double[][] weight = matrix(name);
    double[][] out = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      out[t] = times(weight, x[t]);
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

  /** A tensor as rows; a vector is one row. */
  private double[][] matrix(String name) {
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
