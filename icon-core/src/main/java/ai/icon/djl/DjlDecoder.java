package ai.icon.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.checkpoint.TensorType;
import ai.icon.decoder.Architectures;
import ai.icon.decoder.DecoderProgram;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.DecoderWeight;
import ai.icon.decoder.DecoderWeights;
import ai.icon.decoder.UnusedWeights;
import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkpoint's decoder in libtorch's memory: program and weights, shared by the loss model and
 * the embedder that are made on it. Safe for several threads; closing it while a call runs is not.
 */
public final class DjlDecoder implements AutoCloseable {
  /** Largest piece of a file that is mapped at once, bytes; a mapping ends at 2 GiB. */
  private static final long PIECE = 1L << 30;

  private final DecoderSpec spec;
  private final Precision precision;
  private final TorchModule module;
  private final IValue weights;
  private final long weightBytes;

  private DjlDecoder(
      DecoderSpec spec, Precision precision, TorchModule module, List<PtNDArray> tensors) {
    this.spec = spec;
    this.precision = precision;
    this.module = module;
    this.weights = IValue.listFrom(tensors.toArray(new PtNDArray[0]));
    this.weightBytes =
        tensors.stream().mapToLong(tensor -> tensor.size() * precision.bytes()).sum();
  }

  /** As {@link #load(Checkpoint, Precision, String, int, CallGate)} with a gate of its own. */
  public static DjlDecoder load(
      Checkpoint checkpoint, Precision precision, String device, int threads) {
    return load(checkpoint, precision, device, threads, new CallGate());
  }

  /**
   * Loads a checkpoint. Every tensor is checked before libtorch sees a byte, and converted once.
   *
   * @param checkpoint an open checkpoint of a supported family
   * @param precision what the weights are held in
   * @param device {@code cpu} or {@code gpu:N}, where N is CUDA's number from 0
   * @param threads threads of one forward pass on the CPU; 0 for libtorch's own choice
   * @param gate what every native call passes, this one included: shut it before closing
   * @throws UserError if the family is not supported or a tensor is missing or of a wrong shape
   * @throws ResourceError if libtorch cannot be loaded, the weights do not fit, the device cannot
   *     be used or the gate was shut meanwhile
   */
  public static DjlDecoder load(
      Checkpoint checkpoint, Precision precision, String device, int threads, CallGate gate) {
    DecoderSpec spec = spec(checkpoint);
    List<TensorInfo> infos = new ArrayList<>();
    for (DecoderWeight weight : DecoderWeights.of(spec)) {
      infos.add(
          checkpoint.require(
              weight.name(), weight.shape().stream().mapToLong(Long::longValue).toArray()));
    }
    UnusedWeights.check(checkpoint, infos);
    TorchModule module = TorchModule.load(DecoderProgram.source(spec), device, threads, gate);
    try {
      List<PtNDArray> tensors = new ArrayList<>();
      tensors.add(frequencies(module.manager(), spec));
      for (TensorInfo info : infos) {
        gate.check();
        tensors.add(read(module, checkpoint, info, precision));
      }
      return new DjlDecoder(spec, precision, module, tensors);
    } catch (UserError | ResourceError e) {
      module.close();
      throw e;
    } catch (EngineException | OutOfMemoryError e) {
      module.close();
      throw new ResourceError(
          "Cannot load the weights of "
              + checkpoint.folder()
              + " in "
              + precision.text()
              + ": "
              + e,
          "They need about "
              + checkpoint.parameters() * precision.bytes() / (1 << 20)
              + " MiB outside the Java heap on device "
              + device
              + "; free memory or use --dtype bfloat16.",
          e);
    }
  }

  /** The spec of a checkpoint: what {@link #load} would run. */
  public static DecoderSpec spec(Checkpoint checkpoint) {
    return Architectures.spec(checkpoint.config(), checkpoint.configSource());
  }

  private static PtNDArray frequencies(PtNDManager manager, DecoderSpec spec) {
    float[] values = spec.attention().rotary().inverseFrequencies();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(FloatBuffer.wrap(values));
    return TorchModule.bytes(manager, bytes, DataType.FLOAT32, List.of((long) values.length));
  }

  private static PtNDArray read(
      TorchModule module, Checkpoint checkpoint, TensorInfo info, Precision precision) {
    long rows = info.shape().get(0);
    long rowBytes = info.bytes() / rows;
    long rowsAtOnce = Math.max(1, PIECE / rowBytes);
    if (rows <= rowsAtOnce) {
      return piece(module, module.manager(), checkpoint, info, precision, 0, rows);
    }
    try (PtNDManager scope = module.scope()) {
      PtNDArray whole = null;
      for (long row = 0; row < rows; row += rowsAtOnce) {
        long count = Math.min(rowsAtOnce, rows - row);
        PtNDArray next = piece(module, scope, checkpoint, info, precision, row, count);
        whole = whole == null ? next : (PtNDArray) whole.concat(next, 0);
      }
      whole.attach(module.manager());
      return whole;
    }
  }

  /** Rows of a tensor in the wanted type: [count, the other sizes]. */
  private static PtNDArray piece(
      TorchModule module,
      PtNDManager owner,
      Checkpoint checkpoint,
      TensorInfo info,
      Precision precision,
      long row,
      long count) {
    long rowBytes = info.bytes() / info.shape().get(0);
    ByteBuffer data = checkpoint.map(info, row * rowBytes, count * rowBytes);
    List<Long> shape = new ArrayList<>(info.shape());
    shape.set(0, count);
    if (info.type() == TensorType.FLOAT32 && precision == Precision.FLOAT32) {
      return TorchModule.bytes(owner, aligned(data), DataType.FLOAT32, shape);
    }
    try (PtNDManager scope = module.scope()) {
      PtNDArray raw = raw(module, scope, info.type(), aligned(data), shape);
      try (IValue x = IValue.from(raw);
          IValue type = IValue.from((long) precision.torchType())) {
        return module.tensor(owner, "cast", x, type);
      }
    }
  }

  private static PtNDArray raw(
      TorchModule module, PtNDManager scope, TensorType type, ByteBuffer data, List<Long> shape) {
    return switch (type) {
      case FLOAT32 -> TorchModule.bytes(scope, data, DataType.FLOAT32, shape);
      case FLOAT16 -> TorchModule.bytes(scope, data, DataType.FLOAT16, shape);
      case BFLOAT16 -> {
        // A buffer of bfloat16 aborts the JVM inside DJL: bytes first, then another view of them.
        List<Long> bytes = new ArrayList<>(shape);
        bytes.set(bytes.size() - 1, shape.get(shape.size() - 1) * 2);
        PtNDArray plain = TorchModule.bytes(scope, data, DataType.INT8, bytes);
        try (IValue x = IValue.from(plain);
            IValue code = IValue.from((long) Precision.BFLOAT16.torchType())) {
          yield module.tensor(scope, "view_as", x, code);
        }
      }
    };
  }

  /** Kernels may read a tensor in words: a mapping that starts askew is copied. */
  private static ByteBuffer aligned(ByteBuffer data) {
    if (data.alignmentOffset(0, Float.BYTES) == 0) {
      return data;
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(data.remaining()).order(ByteOrder.nativeOrder());
    copy.put(data.duplicate()).flip();
    return copy;
  }

  /** What this decoder is. */
  public DecoderSpec spec() {
    return spec;
  }

  /** What its weights are held in. */
  public Precision precision() {
    return precision;
  }

  /** Bytes that its weights take outside the Java heap. */
  public long weightBytes() {
    return weightBytes;
  }

  TorchModule module() {
    return module;
  }

  IValue weights() {
    return weights;
  }

  /** Refuses ids that the embedding has no row for: libtorch would read past its end. */
  void check(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= spec.vocabulary()) {
        throw new IllegalArgumentException(
            "Invalid token id: must be in [0, " + spec.vocabulary() + "), got " + id);
      }
    }
  }

  @Override
  public void close() {
    weights.close();
    module.close();
  }
}
