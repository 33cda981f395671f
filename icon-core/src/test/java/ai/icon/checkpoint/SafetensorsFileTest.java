package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void path() {
    path = folder.resolve("w.safetensors");
  }

  @Test
  void float32IsMappedAtItsOffset() {
    new SafetensorsWriter()
        .metadata()
        .floats("first", new float[] {1, 2}, 2)
        .floats("second", new float[] {-3.5f, 4, Float.MIN_VALUE, 6}, 2, 2)
        .write(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    TensorInfo second = file.tensors().get("second");

    assertThat(file.tensors().keySet()).containsExactly("first", "second");
    assertThat(second.type()).isEqualTo(TensorType.FLOAT32);
    assertThat(second.shape()).containsExactly(2L, 2L);
    assertThat(second.elements()).isEqualTo(4);
    assertThat(second.bytes()).isEqualTo(16);
    ByteBuffer whole = file.map(second, 0, 16);
    assertThat(whole.isDirect()).isTrue();
    assertThat(whole.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(whole.remaining()).isEqualTo(16);
    assertThat(new float[] {whole.getFloat(), whole.getFloat(), whole.getFloat(), whole.getFloat()})
        .containsExactly(-3.5f, 4, Float.MIN_VALUE, 6);
    assertThatThrownBy(() -> whole.putFloat(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void float16AndBfloat16KeepTheirBits() {
    new SafetensorsWriter()
        .halves("half", "F16", new int[] {0x3C00, 0xC000, 0x0001}, 3)
        .halves("brain", "BF16", new int[] {0x3F80, 0xC000}, 2, 1)
        .write(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    TensorInfo half = file.tensors().get("half");
    TensorInfo brain = file.tensors().get("brain");

    assertThat(half.type()).isEqualTo(TensorType.FLOAT16);
    assertThat(brain.type()).isEqualTo(TensorType.BFLOAT16);
    ByteBuffer halves = file.map(half, 0, half.bytes());
    assertThat(new int[] {bits(halves), bits(halves), bits(halves)})
        .containsExactly(0x3C00, 0xC000, 0x0001);
    ByteBuffer brains = file.map(brain, 0, brain.bytes());
    assertThat(Float.intBitsToFloat(bits(brains) << 16)).isEqualTo(1f);
    assertThat(Float.intBitsToFloat(bits(brains) << 16)).isEqualTo(-2f);
  }

  @Test
  void aPieceBeginsAndEndsWhereAsked() {
    new SafetensorsWriter().floats("w", new float[] {1, 2, 3, 4}, 4).write(path);
    SafetensorsFile file = SafetensorsFile.open(path);

    ByteBuffer piece = file.map(file.tensors().get("w"), 4, 8);

    assertThat(piece.remaining()).isEqualTo(8);
    assertThat(piece.getFloat()).isEqualTo(2);
    assertThat(piece.getFloat()).isEqualTo(3);
  }

  @Test
  void aPieceOutsideTheTensorIsRefused() {
    new SafetensorsWriter()
        .floats("w", new float[] {1, 2}, 2)
        .floats("x", new float[] {3, 4}, 2)
        .write(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    TensorInfo tensor = file.tensors().get("w");

    assertThatThrownBy(() -> file.map(tensor, 4, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot map tensor 'w': it has 8 bytes, asked for 5 from byte 4");
    assertThatThrownBy(() -> file.map(tensor, -1, 4))
        .hasMessageContaining("asked for 4 from byte -1");
    assertThatThrownBy(() -> file.map(tensor, 0, -1))
        .hasMessageContaining("asked for -1 from byte 0");
    assertThatThrownBy(() -> file.map(tensor, Long.MAX_VALUE, 1))
        .hasMessageContaining("it has 8 bytes");
  }

  @Test
  void aTensorOfAnotherFileIsRefused() {
    new SafetensorsWriter().floats("w", new float[] {1}, 1).write(path);
    Path other = folder.resolve("other.safetensors");
    new SafetensorsWriter().floats("w", new float[] {1}, 1).write(other);
    TensorInfo foreign = SafetensorsFile.open(other).tensors().get("w");
    SafetensorsFile file = SafetensorsFile.open(path);

    assertThatThrownBy(() -> file.map(foreign, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot map tensor 'w': it is not of " + path);
  }

  @Test
  void aFileThatShrankAfterOpeningIsRefused() throws IOException {
    new SafetensorsWriter().floats("w", new float[] {1, 2}, 2).write(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    TensorInfo tensor = file.tensors().get("w");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }

    assertThatThrownBy(() -> file.map(tensor, 0, 8))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it has shrunk to")
        .hasMessageContaining("tensor 'w'");
  }

  @Test
  void otherTypesAreListedApart() {
    new SafetensorsWriter()
        .floats("w", new float[] {1}, 1)
        .tensor("position_ids", "I64", new byte[16], 1, 2)
        .write(path);
    SafetensorsFile file = SafetensorsFile.open(path);

    assertThat(file.tensors().keySet()).containsExactly("w");
    assertThat(file.unsupported()).containsExactly(Map.entry("position_ids", "I64"));
  }

  @Test
  void scalarsAndEmptyTensorsAreTensors() {
    new SafetensorsWriter()
        .floats("scalar", new float[] {2.5f})
        .floats("empty", new float[0], 0, 4)
        .write(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    TensorInfo scalar = file.tensors().get("scalar");
    TensorInfo empty = file.tensors().get("empty");

    assertThat(scalar.elements()).isEqualTo(1);
    assertThat(file.map(scalar, 0, 4).getFloat()).isEqualTo(2.5f);
    assertThat(empty.elements()).isZero();
    assertThat(file.map(empty, 0, 0).remaining()).isZero();
  }

  private static int bits(ByteBuffer buffer) {
    return buffer.getShort() & 0xFFFF;
  }
}
