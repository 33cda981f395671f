package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.spark.config.ModelConfig.Device;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceAssignmentTest {
  private static final DeviceAssignment.Node NODE = node(true, "");

  @Test
  void withoutAnAddressTheTaskComputesOnTheProcessor() {
    DeviceAssignment assigned = DeviceAssignment.of(Device.AUTO, List.of(), NODE);

    assertThat(assigned).isEqualTo(new DeviceAssignment("worker-7", "3", "", "cpu"));
  }

  @Test
  void theAddressOfTheTaskIsTheDevice() {
    assertThat(DeviceAssignment.of(Device.AUTO, List.of("1"), NODE).device()).isEqualTo("gpu:1");
    assertThat(DeviceAssignment.of(Device.GPU, List.of("0"), NODE).device()).isEqualTo("gpu:0");
  }

  @Test
  void onTheProcessorTheAddressIsStillReported() {
    assertThat(DeviceAssignment.of(Device.CPU, List.of("1"), NODE))
        .isEqualTo(new DeviceAssignment("worker-7", "3", "1", "cpu"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Device.class,
      names = {"AUTO", "GPU"})
  void anAddressWithoutCudaIsRefusedWithBothCures(Device wanted) {
    DeviceAssignment assigned = DeviceAssignment.of(wanted, List.of("1"), NODE);

    assertThatThrownBy(() -> assigned.requireUsable(index -> gpus(0, index)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use GPU address 1 (CUDA's 1) of executor 3 on worker-7: no CUDA.")
        .hasMessageContaining("use --device cpu")
        .hasMessageContaining("mvn -P cuda package");
  }

  @Test
  void gpuWithoutAnAddressIsRefusedInATask() {
    assertThatThrownBy(() -> DeviceAssignment.of(Device.GPU, List.of(), NODE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use --device gpu: Spark assigned no GPU to a task of executor 3 on worker-7.")
        .hasMessageContaining("spark.task.resource.gpu.amount");
  }

  @Test
  void gpuOutsideOfTasksIsTheFirst() {
    DeviceAssignment first = DeviceAssignment.of(Device.GPU, List.of(), node(false, ""));

    assertThat(first.device()).isEqualTo("gpu:0");
    assertThat(first.requireUsable(index -> gpus(1, index))).isSameAs(first);
    assertThatThrownBy(() -> first.requireUsable(index -> gpus(0, index)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use GPU 0 of executor 3 on worker-7: no CUDA.");
  }

  @Test
  void theGpuThatIsAskedIsTheAssignedOne() {
    DeviceAssignment second = DeviceAssignment.of(Device.AUTO, List.of("1"), NODE);

    assertThat(second.requireUsable(index -> gpus(2, index))).isSameAs(second);
    assertThatThrownBy(() -> second.requireUsable(index -> gpus(1, index)))
        .isInstanceOf(UserError.class);
    DeviceAssignment processor = DeviceAssignment.of(Device.CPU, List.of("1"), NODE);
    assertThat(processor.requireUsable(index -> gpus(0, index))).isSameAs(processor);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"2,3|3|gpu:1", "2, 3|3|gpu:1", "GPU-a,GPU-b|GPU-a|gpu:0", "0,1|1|gpu:1"})
  void cudaNumbersTheVisibleDevicesByTheirPlace(String visible, String address, String device) {
    assertThat(DeviceAssignment.of(Device.AUTO, List.of(address), node(true, visible)).device())
        .isEqualTo(device);
  }

  @Test
  void anAddressThatIsNotVisibleIsRefused() {
    assertThatThrownBy(() -> DeviceAssignment.of(Device.AUTO, List.of("0"), node(true, "2,3")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use GPU address 0 of executor 3 on worker-7: CUDA_VISIBLE_DEVICES is 2,3 and"
                + " does not list it.");
  }

  @Test
  void anAddressThatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> DeviceAssignment.of(Device.AUTO, List.of("gpu-a"), NODE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use GPU address gpu-a of executor 3 on worker-7: must be a whole number.")
        .hasMessageContaining("discovery script");
  }

  @Test
  void twoGpusForOneTaskAreRefused() {
    assertThatThrownBy(() -> DeviceAssignment.of(Device.CPU, List.of("0", "1"), NODE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use the GPUs [0, 1] in one task (executor 3 on worker-7)")
        .hasMessageContaining("spark.task.resource.gpu.amount");
  }

  @Test
  void autoIsTheGpuWhereTasksAskForOne() {
    SparkConf none = new SparkConf(false);
    SparkConf shared = new SparkConf(false).set("spark.task.resource.gpu.amount", "0.5");

    assertThat(DeviceAssignment.kind(Device.AUTO, none)).isEqualTo(Device.CPU);
    assertThat(DeviceAssignment.kind(Device.AUTO, shared)).isEqualTo(Device.GPU);
    assertThat(DeviceAssignment.kind(Device.CPU, shared)).isEqualTo(Device.CPU);
    assertThat(DeviceAssignment.kind(Device.GPU, none)).isEqualTo(Device.GPU);
  }

  private static DeviceAssignment.Node node(boolean isTask, String visible) {
    return new DeviceAssignment.Node("worker-7", "3", isTask, visible);
  }

  /** A machine with so many GPUs. */
  private static Optional<String> gpus(int there, int index) {
    return index < there ? Optional.empty() : Optional.of("no CUDA");
  }
}
