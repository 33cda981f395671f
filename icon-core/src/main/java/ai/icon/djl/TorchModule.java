package ai.icon.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * A loaded TorchScript module and the few engine internals that running it takes: the one adapter
 * to DJL's JNI layer. Safe for several threads as libtorch's module calls are.
 */
final class TorchModule implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final int threads;
  private final CallGate gate;

  private TorchModule(PtNDManager manager, PtSymbolBlock block, int threads, CallGate gate) {
    this.manager = manager;
    this.block = block;
    this.threads = threads;
    this.gate = gate;
  }

  /**
   * Loads a module from its source.
   *
   * @param device {@code cpu} or {@code gpu:N}
   * @param threads threads of one native call; 0 leaves libtorch's own choice
   * @param gate every call passes it
   */
  static TorchModule load(String source, String device, int threads, CallGate gate) {
    Device place = device(device);
    PtNDManager manager = (PtNDManager) NativeRuntime.torch().newBaseManager(place);
    try {
      byte[] archive = TorchScriptArchive.of(source);
      PtSymbolBlock block =
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
      return new TorchModule(manager, block, threads, gate);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException("Cannot load a module from memory", e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Loads a module from an archive that a user gave.
   *
   * @param archive whose entries were checked
   * @param device as above
   * @param threads as above
   * @param gate as above
   * @throws ai.djl.engine.EngineException if libtorch cannot read it
   */
  static TorchModule load(Path archive, String device, int threads, CallGate gate) {
    PtNDManager manager = (PtNDManager) NativeRuntime.torch().newBaseManager(device(device));
    try {
      PtSymbolBlock block =
          JniUtils.loadModule(manager, archive, true, new String[0], new String[0], false);
      return new TorchModule(manager, block, threads, gate);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static Device device(String name) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    if (name.matches("gpu:\\d{1,4}")) {
      return Device.gpu(Integer.parseInt(name.substring("gpu:".length())));
    }
    throw new IllegalArgumentException("Invalid device: must be cpu or gpu:N, got " + name);
  }

  PtNDManager manager() {
    return manager;
  }

  /** A scope for the arrays of one call: close it in the method that opened it. */
  PtNDManager scope() {
    return (PtNDManager) manager.newSubManager();
  }

  /** Runs a method that returns one tensor; it belongs to the scope. */
  PtNDArray tensor(PtNDManager scope, String method, IValue... arguments) {
    try (IValue result = value(method, arguments)) {
      return result.toTensor(scope);
    }
  }

  /** Runs a method and keeps its result as the runtime's own value; close it. */
  IValue value(String method, IValue... arguments) {
    gate.check();
    // The profiling executor rewrites a program after its first runs; one program, one result. The
    // switch is the thread's own, and tasks come in threads of their own; so is OpenMP's number.
    JniUtils.setGraphExecutorOptimize(false);
    if (threads > 0) {
      JniUtils.setNumThreads(threads);
    }
    return IValueUtils.runMethod(block, method, arguments);
  }

  /** int64 tensor. */
  static PtNDArray longs(NDManager scope, long[] values, long... shape) {
    return (PtNDArray) scope.create(values, new Shape(shape));
  }

  /** A tensor over (or copied from, where the device wants it) the bytes of a direct buffer. */
  static PtNDArray bytes(PtNDManager scope, ByteBuffer data, DataType type, List<Long> shape) {
    Shape sizes = new Shape(shape);
    ByteBuffer direct = data;
    if (!data.isDirect()) {
      direct = ByteBuffer.allocateDirect(data.remaining()).order(ByteOrder.nativeOrder());
      direct.put(data.duplicate()).flip();
    }
    return JniUtils.createNdFromByteBuffer(
        scope, direct, sizes, type, SparseFormat.DENSE, scope.getDevice());
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
