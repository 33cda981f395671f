package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Against float8.json, which make_float8_codes.py made with ml_dtypes and numpy. */
class Float8Test {
  private final JsonNode expected = read();

  @Test
  void everyCodeIsTheNumberThatMlDtypesReads() {
    JsonNode values = expected.path("values");
    assertThat(values).hasSize(Float8.CODES);
    for (int code = 0; code < Float8.CODES; code++) {
      float value = Float8.value(code);
      if (values.get(code).isNull()) {
        assertThat(value).as("code %x", code).isNaN();
      } else {
        float wanted = (float) values.get(code).doubleValue();
        assertThat(Float.floatToRawIntBits(value))
            .as("code %x", code)
            .isEqualTo(Float.floatToRawIntBits(wanted));
      }
    }
    assertThat(Float8.value(0x7F)).isNaN();
    assertThat(Float8.value(0xFF)).isNaN();
    assertThat(Float8.value(0x7E)).isEqualTo(448);
  }

  @Test
  void productsAreRoundedToTheNearestBfloat16() {
    assertThat(expected.path("products")).hasSize(8);
    for (JsonNode product : expected.path("products")) {
      float scale = (float) product.path("scale").doubleValue();
      for (int code = 0; code < Float8.CODES; code++) {
        int wanted = product.path("bfloat16").get(code).intValue();
        int found = Float8.bfloat16(Float8.value(code) * scale) & 0xFFFF;
        if (isNan(wanted)) {
          assertThat(isNan(found)).as("code %x", code).isTrue();
        } else {
          assertThat(found).as("code %x by %s", code, scale).isEqualTo(wanted);
        }
      }
    }
  }

  @Test
  void infinitiesAndNanAreNotFinite() {
    assertThat(Float8.isFinite(Float8.bfloat16(Float.NaN))).isFalse();
    assertThat(Float8.isFinite(Float8.bfloat16(Float.NEGATIVE_INFINITY))).isFalse();
    assertThat(Float8.isFinite(Float8.bfloat16(Float.MAX_VALUE))).isFalse();
    assertThat(Float8.isFinite((short) 0x7F7F)).isTrue();
    assertThat(Float8.isFinite((short) 0x8000)).isTrue();
  }

  @Test
  void halvesAreTheNumbersThatNumpyReads() {
    assertThat(expected.path("halves")).hasSize(12);
    for (JsonNode half : expected.path("halves")) {
      short bits = (short) half.path("bits").intValue();
      assertThat((double) Half.value(bits)).isEqualTo(half.path("value").doubleValue());
    }
    assertThat(Half.value((short) 0x7C00)).isInfinite();
    assertThat(Half.value((short) 0x7E00)).isNaN();
  }

  private static boolean isNan(int bfloat16) {
    return (bfloat16 & 0x7FFF) > 0x7F80;
  }

  private static JsonNode read() {
    try {
      return new ObjectMapper().readTree(Float8Test.class.getResource("/golden/float8.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
