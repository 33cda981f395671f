package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceUseTest {
  @Test
  void shardsAreCountedByPlaceInTheOrderOfExecutorsAndAddresses() {
    DeviceUse second = use("1", "1", 0.5);
    DeviceUse first = use("0", "", 0);

    assertThat(DeviceUse.summed(List.of(second, first, use("1", "0", 0.25), second)))
        .containsExactly(
            Map.of("host", "h", "executor", "0", "device", "cpu", "loadSeconds", 0.0, "shards", 1),
            place("0", 0.25, 1),
            place("1", 0.5, 2));
  }

  @Test
  void loadingTakesNoNegativeTime() {
    assertThatThrownBy(() -> use("1", "1", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid load seconds: must not be negative, got -1.0");
  }

  private static Map<String, Object> place(String address, double seconds, int shards) {
    return Map.of(
        "host",
        "h",
        "executor",
        "1",
        "address",
        address,
        "device",
        "cpu",
        "loadSeconds",
        seconds,
        "shards",
        shards);
  }

  private static DeviceUse use(String executor, String address, double seconds) {
    return new DeviceUse(new DeviceAssignment("h", executor, address, "cpu"), seconds);
  }
}
