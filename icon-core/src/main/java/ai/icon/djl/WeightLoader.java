package ai.icon.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.checkpoint.TensorType;
import ai.icon.decoder.DecoderWeight;
import ai.icon.decoder.DecoderWeight.Runs;
import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a checkpoint's tensors into libtorch's memory as the program wants them: the rows of a
 * packed tensor, transposed, converted. What is stored as it is wanted is mapped and not copied.
 */
final class WeightLoader {
  /** Largest piece of a tensor that is held as bytes at once; a mapping ends at 2 GiB. */
  private static final long PIECE = 1L << 30;

  /**
   * Of a tensor that is made and not mapped: its pieces are memory that the JVM has a limit for,
   * and only pass through it.
   */
  private static final long MADE_PIECE = 1L << 26;

  private final TorchModule module;
  private final Checkpoint checkpoint;
  private final Precision precision;

  WeightLoader(TorchModule module, Checkpoint checkpoint, Precision precision) {
    this.module = module;
    this.checkpoint = checkpoint;
    this.precision = precision;
  }

  /**
   * The stored tensor that a weight is taken from.
   *
   * @throws UserError if it is missing, of another shape or of a type that is not supported
   */
  static TensorInfo stored(Checkpoint checkpoint, DecoderWeight weight) {
    boolean isBare =
        !weight.bareName().equals(weight.name())
            && checkpoint.find(weight.name()).isEmpty()
            && checkpoint.find(weight.bareName()).isPresent();
    return checkpoint.require(
        isBare ? weight.bareName() : weight.name(),
        weight.storedShape().stream().mapToLong(Long::longValue).toArray());
  }

  /** A vector of float32. */
  PtNDArray vector(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(FloatBuffer.wrap(values));
    return TorchModule.bytes(
        module.manager(), bytes, DataType.FLOAT32, List.of((long) values.length));
  }

  /**
   * A weight as the program takes it; it belongs to the module.
   *
   * @throws UserError if it holds NaN or infinity
   */
  PtNDArray load(DecoderWeight weight, TensorInfo info) {
    try (PtNDManager scope = module.scope()) {
      Precision held = weight.isExact() ? Precision.FLOAT32 : precision;
      PtNDArray tensor;
      if (weight.isTransposed()) {
        PtNDArray whole = rows(scope, info, Runs.whole(info.shape().get(0)), held);
        tensor = columns(scope, whole, weight.rows());
      } else {
        tensor = rows(scope, info, weight.rows(), held);
      }
      if (weight.offset() != 0) {
        tensor = tensor.add(weight.offset());
      }
      checkFinite(scope, tensor, info, held);
      tensor.attach(module.manager());
      return tensor;
    }
  }

  /** Rows of a stored tensor in the wanted type: [rows, the other sizes]. */
  private PtNDArray rows(PtNDManager scope, TensorInfo info, Runs rows, Precision held) {
    long bytesAtOnce = checkpoint.isMapped(info) ? PIECE : MADE_PIECE;
    long rowsAtOnce = Math.max(1, bytesAtOnce / rowBytes(info));
    NDList pieces = new NDList();
    for (long row = 0; row < rows.count(); row += rowsAtOnce) {
      long count = Math.min(rowsAtOnce, rows.count() - row);
      pieces.add(piece(scope, info, gather(info, rows, row, count), count, held));
    }
    if (pieces.size() == 1) {
      return (PtNDArray) pieces.get(0);
    }
    PtNDArray whole = (PtNDArray) NDArrays.concat(pieces);
    pieces.forEach(NDArray::close);
    return whole;
  }

  private static long rowBytes(TensorInfo info) {
    return info.bytes() / info.shape().get(0);
  }

  /** The bytes of some of the rows: mapped where they follow each other in the file. */
  private ByteBuffer gather(TensorInfo info, Runs rows, long from, long count) {
    long rowBytes = rowBytes(info);
    if (rows.contiguous(from) >= count) {
      return aligned(checkpoint.map(info, rows.stored(from) * rowBytes, count * rowBytes));
    }
    ByteBuffer gathered = direct(Math.toIntExact(count * rowBytes));
    long at = from;
    while (at < from + count) {
      long run = Math.min(rows.contiguous(at), from + count - at);
      gathered.put(checkpoint.map(info, rows.stored(at) * rowBytes, run * rowBytes));
      at += run;
    }
    return gathered.flip();
  }

  private PtNDArray piece(
      PtNDManager scope, TensorInfo info, ByteBuffer data, long count, Precision held) {
    List<Long> shape = new ArrayList<>(info.shape());
    shape.set(0, count);
    PtNDArray raw = raw(scope, info.type(), data, shape);
    boolean isAsWanted =
        (info.type() == TensorType.FLOAT32 && held == Precision.FLOAT32)
            || (info.type() == TensorType.BFLOAT16 && held == Precision.BFLOAT16);
    if (isAsWanted && checkpoint.isMapped(info)) {
      return raw;
    }
    try (raw;
        IValue x = IValue.from(raw);
        IValue type = IValue.from((long) held.torchType())) {
      return module.tensor(scope, "cast", x, type);
    }
  }

  private PtNDArray raw(PtNDManager scope, TensorType type, ByteBuffer data, List<Long> shape) {
    return switch (type) {
      case FLOAT32 -> TorchModule.bytes(scope, data, DataType.FLOAT32, shape);
      case FLOAT16 -> TorchModule.bytes(scope, data, DataType.FLOAT16, shape);
      case BFLOAT16 -> {
        // A buffer of bfloat16 aborts the JVM inside DJL: bytes first, then another view of them.
        List<Long> bytes = new ArrayList<>(shape);
        bytes.set(bytes.size() - 1, shape.get(shape.size() - 1) * 2);
        try (PtNDArray plain = TorchModule.bytes(scope, data, DataType.INT8, bytes);
            IValue x = IValue.from(plain);
            IValue code = IValue.from((long) Precision.BFLOAT16.torchType())) {
          yield module.tensor(scope, "view_as", x, code);
        }
      }
    };
  }

  private PtNDArray columns(PtNDManager scope, PtNDArray whole, Runs columns) {
    if (columns.times() != 1) {
      throw new IllegalArgumentException("Invalid columns: must be one run, got " + columns);
    }
    try (IValue x = IValue.from(whole);
        IValue low = IValue.from(columns.first());
        IValue high = IValue.from(columns.end())) {
      return module.tensor(scope, "turned", x, low, high);
    }
  }

  private void checkFinite(PtNDManager scope, PtNDArray tensor, TensorInfo info, Precision held) {
    long count;
    try (IValue x = IValue.from(tensor)) {
      count = module.tensor(scope, "not_finite", x).toLongArray()[0];
    }
    if (count > 0) {
      throw new UserError(
          "Cannot use tensor '%s' of %s: %d of the numbers read from it are NaN or infinite in %s"
              .formatted(info.name(), info.file(), count, held.text()),
          "Download the weights again; if they stay so, the checkpoint was saved from a training"
              + " run that had diverged: take an earlier one.");
    }
  }

  /** Kernels may read a tensor in words: a mapping that starts askew is copied. */
  private static ByteBuffer aligned(ByteBuffer data) {
    if (data.alignmentOffset(0, Float.BYTES) == 0) {
      return data;
    }
    return direct(data.remaining()).put(data.duplicate()).flip();
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
