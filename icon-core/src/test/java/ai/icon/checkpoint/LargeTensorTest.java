package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.text;
import static ai.icon.checkpoint.CheckpointFixture.withoutWeights;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors of 3 GiB, in files with holes: whatever is beyond 2^31 bytes is read where it stands. */
class LargeTensorTest {
  private static final long ROWS = 393_216;
  private static final int COLUMNS = 4_096;
  private static final long ROW_BYTES = 2L * COLUMNS;
  private static final long BYTES = ROWS * ROW_BYTES; // 3 GiB
  private static final long PIECE = 1L << 30;

  @TempDir Path folder;

  @Test
  void rowsBeyondTwoGibAreReadWhereTheyStand() throws IOException {
    withoutWeights(folder);
    String header =
        "{\"w\": {\"dtype\": \"BF16\", \"shape\": [%d, %d], \"data_offsets\": [0, %d]}}"
            .formatted(ROWS, COLUMNS, BYTES);
    try (FileChannel file = create(header, BYTES)) {
      for (long row : new long[] {0, 262_143, 262_144, ROWS - 1}) {
        put(file, header, row * ROW_BYTES, (short) (row >> 4), (short) row);
      }
    }
    Checkpoint checkpoint = Checkpoint.open(folder);
    TensorInfo tensor = checkpoint.require("w", ROWS, COLUMNS);

    assertThat(checkpoint.parameters()).isEqualTo(ROWS * COLUMNS);
    assertThat(tensor.bytes()).isEqualTo(BYTES).isGreaterThan(Integer.MAX_VALUE);
    ByteBuffer last = checkpoint.map(tensor, 2 * PIECE, PIECE);
    assertThat(last.getShort(0)).isEqualTo((short) (262_144 >> 4));
    assertThat(last.getShort((int) (PIECE - ROW_BYTES))).isEqualTo((short) (393_215 >> 4));
    assertThat(last.getShort((int) (PIECE - ROW_BYTES + 2))).isEqualTo((short) 393_215);
    ByteBuffer before = checkpoint.map(tensor, 262_143 * ROW_BYTES, 2 * ROW_BYTES);
    assertThat(before.getShort(2)).isEqualTo((short) 262_143);
    assertThat(before.getShort((int) ROW_BYTES)).isEqualTo((short) (262_144 >> 4));
  }

  @Test
  void narrowFloatsBeyondTwoGibAreReadUpWhereTheyStand() throws IOException {
    withoutWeights(folder);
    text(
        folder,
        "config.json",
        "{\"quantization_config\": {\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}}");
    long columns = 8_192; // one byte each: rows of as many bytes as above
    long across = columns / 128;
    long scaleBytes = ROWS / 128 * across * Float.BYTES;
    String header =
        "{\"w\": {\"dtype\": \"F8_E4M3\", \"shape\": [%d, %d], \"data_offsets\": [0, %d]}, "
                .formatted(ROWS, columns, BYTES)
            + "\"w_scale_inv\": {\"dtype\": \"F32\", \"shape\": [%d, %d], \"data_offsets\": [%d, %d]}}"
                .formatted(ROWS / 128, across, BYTES, BYTES + scaleBytes);
    long row = ROWS - 1;
    try (FileChannel file = create(header, BYTES + scaleBytes)) {
      put(file, header, row * columns + 8_190, (short) 0x4038); // 1 and 2 in the last columns
      put(file, header, BYTES + scaleBytes - Float.BYTES, (short) 0, (short) 0x4040); // 3f
    }
    Checkpoint checkpoint = Checkpoint.open(folder);
    TensorInfo tensor = checkpoint.require("w", ROWS, columns);

    assertThat(tensor.bytes()).isEqualTo(2 * BYTES);
    ByteBuffer last = checkpoint.map(tensor, row * 2 * columns, 2 * columns);
    assertThat(last.getShort(0)).isZero();
    assertThat(Float.intBitsToFloat(last.getShort(2 * 8_190) << 16)).isEqualTo(3);
    assertThat(Float.intBitsToFloat(last.getShort(2 * 8_191) << 16)).isEqualTo(6);
  }

  private FileChannel create(String header, long dataBytes) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("model.safetensors"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE);
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer front = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    file.write(front.putLong(json.length).put(json).flip());
    file.write(ByteBuffer.allocate(1), 8 + json.length + dataBytes - 1);
    return file;
  }

  private static void put(FileChannel file, String header, long at, short... values)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(values);
    file.write(bytes, 8 + header.length() + at);
  }
}
