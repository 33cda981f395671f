package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The 8-bit floats of a checkpoint, each with the scale that stands beside it: {@code X_scale_inv}
 * (blocks; in spite of its name it is multiplied by) or {@code X_scale} (tensor, rows or blocks).
 */
final class Float8Tensors {
  /** Scales of activations and caches, which only kernels for 8-bit arithmetic need. */
  private static final Pattern OF_ACTIVATIONS =
      Pattern.compile(".*\\.(input_scale|output_scale|[qkv]_scale|activation_scale)");

  private static final long MAX_COLUMNS = Integer.MAX_VALUE / Short.BYTES;

  private final Map<String, Float8Tensor> tensors = new TreeMap<>();
  private final Set<String> scales = new TreeSet<>();

  private Float8Tensors() {}

  /**
   * Finds each one's scale.
   *
   * @throws UserError if one is no matrix, has no scale, or one that does not fit
   */
  static Float8Tensors of(Collection<SafetensorsFile> files, Quantization quantization) {
    Float8Tensors found = new Float8Tensors();
    Map<String, SafetensorsFile> holders = new TreeMap<>();
    for (SafetensorsFile file : files) {
      file.tensors().keySet().forEach(name -> holders.put(name, file));
    }
    for (SafetensorsFile file : files) {
      for (TensorInfo info : file.float8().values()) {
        found.add(info, file, holders, quantization);
      }
    }
    holders.keySet().stream()
        .filter(name -> OF_ACTIVATIONS.matcher(name).matches())
        .forEach(found.scales::add);
    return found;
  }

  private void add(
      TensorInfo info,
      SafetensorsFile file,
      Map<String, SafetensorsFile> holders,
      Quantization quantization) {
    boolean isMatrix = info.shape().size() == 2 && info.elements() > 0;
    if (!isMatrix || info.shape().get(1) > MAX_COLUMNS) {
      throw new UserError(
          "Cannot use tensor '%s' of %s: 8-bit floats are read as matrices of rows that a buffer"
                  .formatted(info.name(), info.file())
              + " holds, got shape %s".formatted(info.shape()),
          "Use the checkpoint that this one was made from, in bfloat16.");
    }
    String scale = info.name() + "_scale_inv";
    if (!holders.containsKey(scale)) {
      scale = info.name() + "_scale";
    }
    SafetensorsFile holder = holders.get(scale);
    if (holder == null) {
      throw new UserError(
          "Cannot use tensor '%s' of %s: it is F8_E4M3, and its scale is missing, tensor '%s_inv'"
                  .formatted(info.name(), info.file(), scale)
              + " or '%s'".formatted(scale),
          "Take index and shards from the same download; without scales the weights are not known.");
    }
    TensorInfo values = holder.tensors().get(scale);
    scales.add(scale);
    tensors.put(
        info.name(),
        new Float8Tensor(
            info, file, Float8Scale.of(values, holder, info.name(), info.shape(), quantization)));
  }

  /** By name, in the order of the names. */
  Map<String, Float8Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Names of tensors that are no weights: the scales. */
  Set<String> scales() {
    return Collections.unmodifiableSet(scales);
  }
}
