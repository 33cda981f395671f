package ai.icon.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.icon.error.UserError;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LossModel;
import ai.icon.loss.ResponseLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Losses by a TorchScript program that takes ids and a mask, both int64 [B, S], and gives logits
 * [B, S, vocabulary]: the last resort for a model whose family is not supported. A program keeps no
 * keys and values, so that a prefix is computed anew with each batch of its continuations, and all
 * logits of a batch stand in memory at once.
 */
final class TorchScriptLossModel implements LossModel {
  private final TorchScriptProgram program;
  private final TorchModule module;
  private final int vocabulary;
  private final int contextLength;

  TorchScriptLossModel(TorchScriptProgram program) {
    this.program = program;
    this.module = program.module();
    this.vocabulary = program.outline().vocabulary();
    this.contextLength = program.outline().contextLength();
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public EncodedPrefix encode(int[] ids) {
    check(ids);
    if (ids.length >= contextLength) {
      throw new IllegalArgumentException(
          "Invalid prefix: must be shorter than the context of %d tokens, got %d"
              .formatted(contextLength, ids.length));
    }
    return new Prefix(ids.clone());
  }

  /** Nothing to do: the program belongs to whoever loaded it. */
  @Override
  public void close() {}

  private void check(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "Invalid token id: must be in [0, %d), got %d".formatted(vocabulary, id));
      }
    }
  }

  /** The ids alone: the program computes them with every batch. */
  private final class Prefix implements EncodedPrefix {
    private final int[] prefix;

    Prefix(int[] prefix) {
      this.prefix = prefix;
    }

    @Override
    public int length() {
      return prefix.length;
    }

    @Override
    public List<ResponseLoss> losses(LengthBatch batch) {
      int width = prefix.length + batch.width();
      if (width > contextLength) {
        throw new IllegalArgumentException(
            "Invalid continuation: prefix and continuation must fit the context of %d tokens,"
                    .formatted(contextLength)
                + " got %d + %d".formatted(prefix.length, batch.width()));
      }
      List<Continuation> rows = batch.continuations();
      long[] ids = new long[rows.size() * width]; // [B, S], padded on the right with token 0
      long[] mask = new long[rows.size() * width]; // [B, S], 1 where a token is real
      int responses = rows.stream().mapToInt(Continuation::responseTokens).sum();
      long[] positions = new long[responses]; // [N], into B·S
      long[] targets = new long[responses]; // [N]
      int n = 0;
      for (int row = 0; row < rows.size(); row++) {
        int[] tokens = rows.get(row).ids();
        check(tokens);
        int from = row * width;
        for (int at = 0; at < prefix.length + tokens.length; at++) {
          ids[from + at] = at < prefix.length ? prefix[at] : tokens[at - prefix.length];
          mask[from + at] = 1;
          if (at >= prefix.length + rows.get(row).responseStart()) {
            positions[n] = from + at - 1L; // the token before predicts this one
            targets[n++] = ids[from + at];
          }
        }
      }
      return split(rows, score(ids, mask, rows.size(), width, positions, targets));
    }

    @Override
    public void close() {}
  }

  private float[] score(
      long[] ids, long[] mask, int rows, int width, long[] positions, long[] targets) {
    try (PtNDManager scope = module.scope()) {
      NDArray logits = logits(scope, ids, mask, rows, width); // [B, S, V]
      NDArray chosen =
          logits
              .reshape((long) rows * width, vocabulary)
              .get(scope.create(positions))
              .toType(DataType.FLOAT32, false); // [N, V]
      NDArray wanted = scope.create(targets, new Shape(targets.length, 1)); // [N, 1]
      return chosen.logSoftmax(1).gather(wanted, 1).neg().toFloatArray();
    }
  }

  private NDArray logits(PtNDManager scope, long[] ids, long[] mask, int rows, int width) {
    PtNDArray found;
    try (IValue tokens = IValue.from(TorchModule.longs(scope, ids, rows, width));
        IValue real = IValue.from(TorchModule.longs(scope, mask, rows, width));
        IValue result = module.value("forward", tokens, real)) {
      found = tensor(scope, result);
    } catch (EngineException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new UserError(
          "Cannot run the TorchScript program %s: %s"
              .formatted(
                  program.path(), String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          "It must take ids and mask, both int64 [batch, tokens], and give logits"
              + " [batch, tokens, vocabulary].",
          e);
    }
    Shape wanted = new Shape(rows, width, vocabulary);
    if (!found.getShape().equals(wanted)) {
      throw new UserError(
          "Cannot use the TorchScript program %s: its logits must be %s, got %s"
              .formatted(program.path(), wanted, found.getShape()),
          "Compare vocab_size of the config.json beside it, and trace it for any batch and length.");
    }
    return found;
  }

  /** Logits as such, as the first of several results, or under the name that Transformers uses. */
  private static PtNDArray tensor(PtNDManager scope, IValue result) {
    if (result.isTuple()) {
      List<IValue> parts = List.of(result.toIValueTuple());
      return first(scope, parts.subList(0, 1), parts);
    }
    if (result.isMap()) {
      Map<String, IValue> parts = result.toIValueMap();
      List<IValue> logits = Stream.ofNullable(parts.get("logits")).toList();
      return first(scope, logits, parts.values());
    }
    return result.toTensor(scope);
  }

  /** Of all results the first wanted one; the engine frees none of them by itself. */
  private static PtNDArray first(
      PtNDManager scope, List<IValue> wanted, Collection<IValue> results) {
    try {
      if (wanted.isEmpty()) {
        throw new IllegalArgumentException("its result has no logits");
      }
      return wanted.get(0).toTensor(scope);
    } finally {
      results.forEach(IValue::close);
    }
  }

  private static List<ResponseLoss> split(List<Continuation> rows, float[] nll) {
    List<ResponseLoss> losses = new ArrayList<>();
    int from = 0;
    for (Continuation row : rows) {
      int to = from + row.responseTokens();
      losses.add(new ResponseLoss(Arrays.copyOfRange(nll, from, to)));
      from = to;
    }
    return losses;
  }
}
