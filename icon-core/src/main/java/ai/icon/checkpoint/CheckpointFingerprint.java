package ai.icon.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Hashes what a checkpoint is, not where it lies; see {@link Checkpoint#fingerprint}. */
final class CheckpointFingerprint {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int TENSOR_HEAD_BYTES = 4096;

  private final MessageDigest digest = sha256();
  private final ByteBuffer buffer = ByteBuffer.allocate(BLOCK_BYTES);

  private CheckpointFingerprint() {}

  static String of(Checkpoint checkpoint, Iterable<SafetensorsFile> weights) {
    CheckpointFingerprint fingerprint = new CheckpointFingerprint();
    fingerprint.addTexts(checkpoint.folder(), checkpoint);
    for (SafetensorsFile file : weights) {
      Stream<Span> plain =
          file.tensors().values().stream().map(tensor -> new Span(tensor.offset(), tensor.bytes()));
      Stream<Span> narrow = // a byte each
          file.float8().values().stream()
              .map(tensor -> new Span(tensor.offset(), tensor.elements()));
      fingerprint.addWeights(file.path(), file.dataStart(), Stream.concat(plain, narrow).toList());
    }
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  /**
   * A GGUF file's: its size, its header (config, tokenizer, template, every tensor's name, type and
   * shape), and of its data what is taken of other weights.
   */
  static String ofGguf(GgufFile file) {
    CheckpointFingerprint fingerprint = new CheckpointFingerprint();
    List<Span> spans =
        file.tensors().values().stream()
            .map(tensor -> new Span(tensor.offset(), tensor.bytes()))
            .toList();
    fingerprint.addWeights(file.path(), file.dataStart(), spans);
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  /** A program's: the same texts, and every byte of its file, which no header describes. */
  static String ofProgram(Path folder, Checkpoint checkpoint, TorchScriptFile program) {
    CheckpointFingerprint fingerprint = new CheckpointFingerprint();
    fingerprint.addTexts(folder, checkpoint);
    try (FileChannel channel = FileChannel.open(program.path(), StandardOpenOption.READ)) {
      fingerprint.addLength(channel.size());
      fingerprint.addRange(channel, 0, channel.size());
    } catch (IOException e) {
      throw Unreadable.file(program.path(), e);
    }
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  private void addTexts(Path folder, Checkpoint checkpoint) {
    addFile(folder.resolve(Checkpoint.CONFIG));
    addFile(folder.resolve(Checkpoint.TOKENIZER));
    addFile(folder.resolve(Checkpoint.TOKENIZER_CONFIG));
    addBytes(checkpoint.chatTemplate().orElse("").getBytes(StandardCharsets.UTF_8));
  }

  /** An absent file counts as an empty one. */
  private void addFile(Path file) {
    try {
      addBytes(Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0]);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  /** Bytes of a file that hold one tensor as it is stored. */
  private record Span(long offset, long bytes) {}

  private void addWeights(Path file, long start, List<Span> tensors) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long data = size - start;
      addLength(size);
      addRange(channel, 0, start);
      if (data <= 3L * BLOCK_BYTES) {
        addRange(channel, start, data);
        return;
      }
      addRange(channel, start, BLOCK_BYTES);
      addRange(channel, start + (data - BLOCK_BYTES) / 2, BLOCK_BYTES);
      addRange(channel, size - BLOCK_BYTES, BLOCK_BYTES);
      // Fine-tuning may leave whole matrices alone: every tensor has a say.
      for (Span tensor : tensors) {
        addRange(channel, tensor.offset(), Math.min(TENSOR_HEAD_BYTES, tensor.bytes()));
      }
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  private void addRange(FileChannel channel, long from, long bytes) throws IOException {
    long end = from + bytes;
    long position = from;
    while (position < end) {
      buffer.clear().limit((int) Math.min(BLOCK_BYTES, end - position));
      int read = channel.read(buffer, position);
      if (read < 0) {
        throw new EOFException("ended at byte " + position);
      }
      digest.update(buffer.flip());
      position += read;
    }
  }

  private void addBytes(byte[] bytes) {
    addLength(bytes.length);
    digest.update(bytes);
  }

  private void addLength(long length) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, length));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
