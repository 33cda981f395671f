package ai.icon.djl;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.decoder.Architectures;
import ai.icon.decoder.DecoderProgram;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.DecoderWeight;
import ai.icon.decoder.DecoderWeights;
import ai.icon.decoder.Rotary;
import ai.icon.decoder.UnusedWeights;
import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.loss.LossModel;
import ai.icon.selector.Embedder;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkpoint's decoder in libtorch's memory: program and weights, shared by the loss model and
 * the embedder that are made on it. Safe for several threads; closing it while a call runs is not.
 */
public final class DjlDecoder implements DeviceModel {
  private final DecoderSpec spec;
  private final Precision precision;
  private final TorchModule module;
  private final IValue weights;
  private final IValue weightsBeyond;
  private final long weightBytes;

  private DjlDecoder(
      DecoderSpec spec,
      Precision precision,
      TorchModule module,
      List<PtNDArray> tensors,
      List<PtNDArray> frequenciesBeyond) {
    this.spec = spec;
    this.precision = precision;
    this.module = module;
    this.weights = list(tensors);
    List<PtNDArray> beyond = new ArrayList<>(frequenciesBeyond);
    beyond.addAll(tensors.subList(beyond.size(), tensors.size()));
    this.weightsBeyond = list(beyond);
    this.weightBytes = weightBytes(spec, precision);
  }

  private static IValue list(List<PtNDArray> tensors) {
    return IValue.listFrom(tensors.toArray(new PtNDArray[0]));
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
   * @throws UserError if the family is not supported or a tensor is missing, of a wrong shape or
   *     holds NaN or infinity
   * @throws ResourceError if libtorch cannot be loaded, the weights do not fit, the device cannot
   *     be used or the gate was shut meanwhile
   */
  public static DjlDecoder load(
      Checkpoint checkpoint, Precision precision, String device, int threads, CallGate gate) {
    DecoderSpec spec = spec(checkpoint);
    List<DecoderWeight> weights = DecoderWeights.of(spec);
    List<TensorInfo> infos = stored(checkpoint, spec, weights);
    try {
      TorchModule module = TorchModule.load(DecoderProgram.source(spec), device, threads, gate);
      try {
        WeightLoader loader = new WeightLoader(module, checkpoint, precision);
        List<PtNDArray> tensors = frequencies(loader, spec.rotaries());
        List<PtNDArray> beyond = frequencies(loader, spec.rotariesBeyond());
        for (int i = 0; i < weights.size(); i++) {
          gate.check();
          tensors.add(loader.load(weights.get(i), infos.get(i)));
        }
        return new DjlDecoder(spec, precision, module, tensors, beyond);
      } catch (RuntimeException | Error e) { // whatever it is: gigabytes would stay behind
        module.close();
        throw e;
      }
    } catch (EngineException | OutOfMemoryError e) {
      throw new ResourceError(
          "Cannot load the weights of "
              + checkpoint.folder()
              + " in "
              + precision.text()
              + ": "
              + e,
          "They need about "
              + weightBytes(spec, precision) / (1 << 20)
              + " MiB outside the Java heap on device "
              + device
              + "; free memory or use --dtype bfloat16.",
          e);
    }
  }

  private static List<PtNDArray> frequencies(WeightLoader loader, List<Rotary> rotaries) {
    List<PtNDArray> frequencies = new ArrayList<>();
    for (Rotary rotary : rotaries) {
      frequencies.add(loader.vector(rotary.inverseFrequencies()));
    }
    return frequencies;
  }

  private static List<TensorInfo> stored(
      Checkpoint checkpoint, DecoderSpec spec, List<DecoderWeight> weights) {
    List<TensorInfo> infos = new ArrayList<>();
    for (DecoderWeight weight : weights) {
      infos.add(WeightLoader.stored(checkpoint, weight));
    }
    UnusedWeights.check(checkpoint, spec, infos);
    return infos;
  }

  /**
   * Checks all of a checkpoint that {@link #load} checks before it takes memory: that every tensor
   * is there, of the shape that the config says, and that none is left over. Their numbers are not
   * read, save to compare a tied head with the embedding.
   *
   * @throws UserError as {@link #load}, but for NaN and infinity
   */
  public static void check(Checkpoint checkpoint) {
    DecoderSpec spec = spec(checkpoint);
    stored(checkpoint, spec, DecoderWeights.of(spec));
  }

  /** The spec of a checkpoint: what {@link #load} would run. */
  public static DecoderSpec spec(Checkpoint checkpoint) {
    return Architectures.spec(checkpoint.config(), checkpoint.configSource());
  }

  /**
   * Bytes that the weights of a decoder take outside the Java heap once they are loaded, without
   * reading any: what {@link #weightBytes()} of the loaded one will be.
   */
  public static long weightBytes(DecoderSpec spec, Precision precision) {
    long bytes = 0;
    List<Rotary> rotaries = new ArrayList<>(spec.rotaries());
    rotaries.addAll(spec.rotariesBeyond());
    for (Rotary rotary : rotaries) {
      bytes += (long) rotary.dimension() / 2 * Float.BYTES;
    }
    for (DecoderWeight weight : DecoderWeights.of(spec)) {
      bytes += weight.elements() * (weight.isExact() ? Float.BYTES : precision.bytes());
    }
    return bytes;
  }

  @Override
  public LossModel lossModel() {
    return new DjlLossModel(this);
  }

  @Override
  public Embedder embedder() {
    return new DjlEmbedder(this);
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

  /**
   * The weights with the frequencies of sequences beyond the spec's threshold, or of those within.
   */
  IValue weights(boolean isBeyond) {
    return isBeyond ? weightsBeyond : weights;
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
    weightsBeyond.close();
    module.close();
  }
}
