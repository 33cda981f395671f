package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.text;
import static ai.icon.checkpoint.CheckpointFixture.withoutWeights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Matrices of 8-bit floats with scales of every form, and the forms that are refused. */
class Float8TensorsTest {
  private static final String BLOCKS =
      "{\"quant_method\": \"fp8\", \"fmt\": \"e4m3\", \"weight_block_size\": [128, 128]}";

  private static final String PLAIN =
      "{\"quant_method\": \"fp8\", \"activation_scheme\": \"static\"}";

  @TempDir Path folder;

  @Test
  void blocksOf128HaveAFactorEachAlsoAtTheEdges() {
    int rows = 300;
    int columns = 200;
    byte[] codes = codes(rows * columns, 1);
    float[] scales = {0.5f, 0.01f, 3, 0.007f, 1, 0.25f}; // [3, 2]
    Checkpoint checkpoint =
        open(BLOCKS, matrix(codes, rows, columns).floats("w.weight_scale_inv", scales, 3, 2));
    TensorInfo info = checkpoint.require("w.weight", rows, columns);

    assertThat(info.type()).isEqualTo(TensorType.BFLOAT16);
    ByteBuffer all = checkpoint.map(info, 0, info.bytes());
    for (int i = 0; i < rows * columns; i++) {
      float scale = scales[i / columns / 128 * 2 + i % columns / 128];
      assertThat(all.getShort(2 * i))
          .as("element %d", i)
          .isEqualTo(Float8.bfloat16(Float8.value(codes[i] & 0xFF) * scale));
    }
  }

  @Test
  void aPieceOfRowsIsThatPartOfTheWhole() {
    Checkpoint checkpoint =
        open(
            BLOCKS,
            matrix(codes(300 * 200, 2), 300, 200)
                .floats("w.weight_scale_inv", new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    TensorInfo info = checkpoint.require("w.weight", 300, 200);
    ByteBuffer all = checkpoint.map(info, 0, info.bytes());

    ByteBuffer piece = checkpoint.map(info, 127 * 400, 130 * 400);

    assertThat(piece.isDirect()).isTrue();
    assertThat(piece.isReadOnly()).isTrue();
    assertThat(piece.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(piece.mismatch(all.slice(127 * 400, 130 * 400))).isEqualTo(-1);
    assertThatThrownBy(() -> checkpoint.map(info, 2, 400))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot map tensor 'w.weight': it is read in whole rows of 400 bytes, asked for 400"
                + " from byte 2");
    assertThatThrownBy(() -> checkpoint.map(info, 400, info.bytes()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it has 120000 bytes, asked for 120000 from byte 400");
  }

  @Test
  void oneScaleForEachRowIsReadInEveryPlainType() {
    byte[] codes = {0x38, 0x40, (byte) 0xB8, 0x30}; // 1, 2, -1, 0.5
    SafetensorsWriter floats = matrix(codes, 2, 2).floats("w.weight_scale", new float[] {3, 5}, 2);
    assertThat(values(PLAIN, floats)).containsExactly(3, 6, -5, 2.5f);
    SafetensorsWriter column =
        matrix(codes, 2, 2).halves("w.weight_scale", "BF16", new int[] {0x4040, 0x40A0}, 2, 1);
    assertThat(values(PLAIN, column)).containsExactly(3, 6, -5, 2.5f);
    SafetensorsWriter halves =
        matrix(codes, 2, 2).halves("w.weight_scale", "F16", new int[] {0x4200, 0x4500}, 2, 1);
    assertThat(values(PLAIN, halves)).containsExactly(3, 6, -5, 2.5f);
  }

  @Test
  void oneScaleForTheTensorMayBeAScalar() {
    byte[] codes = {0x38, 0x40, (byte) 0xB8, 0x30};
    SafetensorsWriter scalar = matrix(codes, 2, 2).floats("w.weight_scale", new float[] {2});
    assertThat(values(PLAIN, scalar)).containsExactly(2, 4, -2, 1);
    SafetensorsWriter one = matrix(codes, 2, 2).floats("w.weight_scale", new float[] {2}, 1);
    assertThat(values(PLAIN, one)).containsExactly(2, 4, -2, 1);
  }

  @Test
  void scalesAreNoWeights() {
    Checkpoint checkpoint =
        open(
            PLAIN,
            matrix(new byte[4], 2, 2)
                .floats("w.weight_scale", new float[] {2}, 1)
                .floats("w.input_scale", new float[] {2}, 1)
                .floats("norm.weight", new float[] {1, 1, 1}, 3));

    assertThat(checkpoint.tensors())
        .extracting(TensorInfo::name)
        .containsExactly("norm.weight", "w.weight");
    assertThat(checkpoint.parameters()).isEqualTo(7);
    assertThat(checkpoint.config().has("quantization_config")).isFalse();
    assertThat(checkpoint.config().path("model_type").asText()).isEqualTo("llama");
  }

  @Test
  void aCodeThatIsNanIsRefusedWithItsPlace() {
    for (int code : new int[] {0x7F, 0xFF}) {
      byte[] codes = {0, 1, 2, 3, 4, (byte) code};
      refused(PLAIN, matrix(codes, 3, 2).floats("w.weight_scale", new float[] {2}, 1))
          .hasMessageContaining(
              "Cannot use tensor 'w.weight' of %s: the element at row 2, column 1 is not finite:"
                      .formatted(file())
                  + " code 0x%02x, NaN".formatted(code))
          .hasMessageContaining("Download the file again");
    }
  }

  @Test
  void aProductBeyondBfloat16IsRefused() {
    refused(PLAIN, matrix(new byte[] {0x7E}, 1, 1).floats("w.weight_scale", new float[] {1e36f}, 1))
        .hasMessageContaining("row 0, column 0 is not finite: code 0x7e, too large with its scale");
  }

  @Test
  void aScaleMustBeAFiniteNumberFromZero() {
    for (float scale : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      refused(
              PLAIN,
              matrix(new byte[4], 2, 2).floats("w.weight_scale", new float[] {1, scale}, 2, 1))
          .hasMessageContaining(
              "Cannot use tensor 'w.weight_scale' of %s: a scale must be a finite number from 0,"
                      .formatted(file())
                  + " number 1 is "
                  + scale);
    }
  }

  @Test
  void aMissingScaleIsNamed() {
    refused(PLAIN, matrix(new byte[4], 2, 2))
        .hasMessageContaining(
            "Cannot use tensor 'w.weight' of %s: it is F8_E4M3, and its scale is missing,"
                    .formatted(file())
                + " tensor 'w.weight_scale_inv' or 'w.weight_scale'");
  }

  @Test
  void aScaleOfAnotherShapeIsRefused() {
    refused(PLAIN, matrix(new byte[4], 2, 2).floats("w.weight_scale", new float[3], 3))
        .hasMessageContaining(
            "Cannot use tensor 'w.weight_scale' of %s: it scales 'w.weight' of shape [2, 2],"
                    .formatted(file())
                + " so that its shape must be [1], or [2, 1], got [3]");
    refused(BLOCKS, matrix(new byte[4], 2, 2).floats("w.weight_scale_inv", new float[4], 2, 2))
        .hasMessageContaining("must be [1], [2, 1] or, in blocks of 128 x 128, [1, 1], got [2, 2]");
  }

  @Test
  void whatIsNoMatrixIsRefused() {
    refused(
            PLAIN,
            new SafetensorsWriter()
                .tensor("w.weight", "F8_E4M3", new byte[8], 2, 2, 2)
                .floats("w.weight_scale", new float[] {1}, 1))
        .hasMessageContaining("8-bit floats are read as matrices")
        .hasMessageContaining("got shape [2, 2, 2]");
  }

  private static SafetensorsWriter matrix(byte[] codes, long rows, long columns) {
    return new SafetensorsWriter().tensor("w.weight", "F8_E4M3", codes, rows, columns);
  }

  /** Finite codes only. */
  private static byte[] codes(int count, long seed) {
    byte[] codes = new byte[count];
    new Random(seed).nextBytes(codes);
    for (int i = 0; i < count; i++) {
      codes[i] = (codes[i] & 0x7F) == 0x7F ? 0 : codes[i];
    }
    return codes;
  }

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private Checkpoint open(String quantization, SafetensorsWriter weights) {
    withoutWeights(folder);
    text(
        folder,
        "config.json",
        "{\"model_type\": \"llama\", \"quantization_config\": " + quantization + "}");
    weights.write(file());
    return Checkpoint.open(folder);
  }

  private AbstractThrowableAssert<?, ?> refused(String quantization, SafetensorsWriter weights) {
    return assertThatThrownBy(() -> values(quantization, weights)).isInstanceOf(UserError.class);
  }

  private float[] values(String quantization, SafetensorsWriter weights) {
    Checkpoint checkpoint = open(quantization, weights);
    TensorInfo info = checkpoint.find("w.weight").orElseThrow();
    ByteBuffer bytes = checkpoint.map(info, 0, info.bytes());
    float[] values = new float[(int) info.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
    }
    return values;
  }
}
