package ai.icon.decoder;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds weights that a config passes over. A model without its last block, or without its biases,
 * gives losses that look like losses.
 */
public final class UnusedWeights {
  private static final long PIECE = 1L << 26;
  private static final String CURE =
      "Take config.json and the weights from the same download: they do not fit each other.";

  private UnusedWeights() {}

  /**
   * Refuses a checkpoint in which a block's vector or matrix is left over. Buffers, such as the
   * masks of GPT-2, have other shapes or names and are none; nor are the blocks of other towers
   * that stand beside the decoder, of images say.
   *
   * @param spec of the decoder
   * @param read the tensors that the config asks for
   * @throws UserError naming tensor and file
   */
  public static void check(Checkpoint checkpoint, DecoderSpec spec, Collection<TensorInfo> read) {
    Pattern ofBlock = ofBlock(spec.names());
    Set<String> used = read.stream().map(TensorInfo::name).collect(Collectors.toSet());
    for (TensorInfo tensor : checkpoint.tensors()) {
      boolean isParameter = tensor.shape().size() == 1 || tensor.shape().size() == 2;
      if (isParameter
          && !used.contains(tensor.name())
          && ofBlock.matcher(tensor.name()).matches()) {
        throw new UserError(
            "Cannot use tensor '%s' of %s: the decoder that %s describes has no such part"
                .formatted(tensor.name(), tensor.file(), checkpoint.configSource()),
            CURE);
      }
    }
    checkTied(checkpoint, spec.names(), used);
  }

  private static Pattern ofBlock(WeightNames names) {
    String blocks = names.blocks();
    return Pattern.compile(
        "(?:%s|%s)\\d+\\..+\\.(?:weight|bias)"
            .formatted(Pattern.quote(blocks), Pattern.quote(names.bare(blocks))));
  }

  /** A tied head may be stored as well, if it is the embedding. */
  private static void checkTied(Checkpoint checkpoint, WeightNames names, Set<String> used) {
    Optional<TensorInfo> head =
        find(checkpoint, names, Role.HEAD).filter(info -> !used.contains(info.name()));
    Optional<TensorInfo> embedding = find(checkpoint, names, Role.EMBEDDING);
    if (head.isEmpty() || embedding.isEmpty()) {
      return;
    }
    if (!isSame(checkpoint, head.get(), embedding.get())) {
      throw new UserError(
          "Cannot use tensor '%s' of %s: it differs from '%s', and %s ties the two"
              .formatted(
                  head.get().name(),
                  head.get().file(),
                  embedding.get().name(),
                  checkpoint.configSource()),
          "Set tie_word_embeddings to false if the head is one of its own; else take config.json and"
              + " the weights from the same download.");
    }
  }

  private static Optional<TensorInfo> find(Checkpoint checkpoint, WeightNames names, Role role) {
    String name = names.name(role, 0, 0) + ".weight";
    return checkpoint.find(name).or(() -> checkpoint.find(names.bare(name)));
  }

  private static boolean isSame(Checkpoint checkpoint, TensorInfo one, TensorInfo other) {
    if (one.type() != other.type() || !one.shape().equals(other.shape())) {
      return false;
    }
    long rowBytes = one.bytes() / Math.max(1, one.shape().get(0));
    long step = Math.max(1, PIECE / Math.max(1, rowBytes)) * rowBytes;
    for (long from = 0; from < one.bytes(); from += step) {
      long bytes = Math.min(step, one.bytes() - from);
      ByteBuffer left = checkpoint.map(one, from, bytes);
      if (left.mismatch(checkpoint.map(other, from, bytes)) >= 0) {
        return false;
      }
    }
    return true;
  }
}
