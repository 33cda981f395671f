package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every block type against gguf-py's dequantisation of random blocks, made by make_gguf.py. */
class GgufBlocksTest {
  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void valuesAreBitForBitThoseOfTheReference(GgufType type) throws IOException {
    JsonNode golden = golden().path(type.name());
    byte[] raw = Base64.getDecoder().decode(golden.path("raw").textValue());
    float[] expected = new float[golden.path("values").size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (float) golden.path("values").get(i).doubleValue();
    }
    assertThat(type.blockValues()).isEqualTo(golden.path("values_per_block").intValue());
    assertThat(type.blockBytes()).isEqualTo(golden.path("bytes_per_block").intValue());
    assertThat(type.bytes(expected.length)).isEqualTo(raw.length);

    float[] values = new float[expected.length];
    GgufBlocks.read(type, raw, values.length, values);

    assertThat(bits(values)).isEqualTo(bits(expected));
  }

  private static List<Integer> bits(float[] values) {
    List<Integer> bits = new ArrayList<>();
    for (float value : values) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return bits;
  }

  /** Every half: those that are numbers against the formula of IEEE 754, the others by kind. */
  @ParameterizedTest
  @EnumSource(names = "F16")
  void everyHalfIsRead(GgufType type) {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float[] value = new float[1];
      GgufBlocks.read(type, new byte[] {(byte) bits, (byte) (bits >> 8)}, 1, value);
      int exponent = (bits >> 10) & 31;
      double fraction = bits & 0x3FF;
      double magnitude =
          exponent == 0
              ? fraction * Math.pow(2, -24)
              : (1 + fraction / 1024) * Math.pow(2, exponent - 15);
      if (exponent == 31) {
        magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      }
      double expected = (bits & 0x8000) == 0 ? magnitude : -magnitude;
      assertThat(Double.compare(value[0], expected)).as("bits %04x", bits).isZero();
    }
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = GgufBlocksTest.class.getResourceAsStream("/golden/gguf/blocks.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32"})
  void floatsAreReadAsTheyAre(GgufType type) {
    float[] values = new float[2];
    GgufBlocks.read(type, new byte[] {0, 0, -128, 63, 0, 0, 0, -64}, 2, values);
    assertThat(Arrays.equals(values, new float[] {1, -2})).isTrue();
  }
}
