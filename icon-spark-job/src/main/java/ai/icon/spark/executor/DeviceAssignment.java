package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

import ai.icon.djl.NativeRuntime;
import ai.icon.error.UserError;
import ai.icon.spark.config.ModelConfig;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * Where a task computes. Spark hands a task the address of its GPU; the same task slot may get
 * another one with its next task, so that this is asked for by every task anew.
 *
 * @param host the machine
 * @param executor Spark's id of the executor; {@code driver} in local mode and outside of tasks
 * @param address of the GPU that Spark assigned; empty if it assigned none
 * @param device {@code cpu} or {@code gpu:N}, where N is CUDA's number of that GPU
 */
public record DeviceAssignment(String host, String executor, String address, String device)
    implements Serializable {
  /** The processor. */
  public static final String CPU = "cpu";

  private static final String GPU = "gpu";
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
  private static final String USE_CPU = "use --device cpu";

  /** Checks that every part is given. */
  public DeviceAssignment {
    requireNonNull(host, "host");
    requireNonNull(executor, "executor");
    requireNonNull(address, "address");
    requireNonNull(device, "device");
  }

  /**
   * A machine as far as devices go.
   *
   * @param host its name
   * @param executor Spark's id of the executor
   * @param isTask whether a task asks; nobody assigns a GPU to other threads
   * @param visible the environment's CUDA_VISIBLE_DEVICES; empty if it is not set
   */
  record Node(String host, String executor, boolean isTask, String visible) {
    /** As a message names it: what to look at when an address is wrong. */
    String text() {
      return place(executor, host);
    }
  }

  private static String place(String executor, String host) {
    return "executor " + executor + " on " + host;
  }

  /**
   * What auto comes to in a session: its tasks either all get a GPU or none does. Known before the
   * first task, because losses of a GPU and of a processor are not the same to the last bit.
   *
   * @return {@code CPU} or {@code GPU}
   */
  public static ModelConfig.Device kind(ModelConfig.Device wanted, SparkConf spark) {
    if (wanted != ModelConfig.Device.AUTO) {
      return wanted;
    }
    boolean assigns = spark.getDouble("spark.task.resource.gpu.amount", 0) > 0;
    return assigns ? ModelConfig.Device.GPU : ModelConfig.Device.CPU;
  }

  /**
   * The device of the task that asks. Cheap, and asks no device whether it is there: {@link
   * #requireUsable} does.
   *
   * @param wanted the setting {@code icon.device}
   * @throws UserError if a GPU is wanted and none assigned, or an address is none of CUDA's
   */
  public static DeviceAssignment ofThisTask(ModelConfig.Device wanted) {
    TaskContext task = TaskContext.get();
    SparkEnv spark = SparkEnv.get();
    Node node =
        new Node(
            spark == null ? "localhost" : spark.blockManager().blockManagerId().host(),
            spark == null ? "driver" : spark.executorId(),
            task != null,
            Optional.ofNullable(System.getenv(VISIBLE)).orElse(""));
    return of(wanted, task == null ? List.of() : addresses(task), node);
  }

  private static List<String> addresses(TaskContext task) {
    ResourceInformation gpu = task.resourcesJMap().get(GPU);
    return gpu == null ? List.of() : List.of(gpu.addresses());
  }

  /** The device for the addresses that a task was given on a machine. */
  static DeviceAssignment of(ModelConfig.Device wanted, List<String> addresses, Node node) {
    if (addresses.size() > 1) {
      throw new UserError(
          "Cannot use the GPUs "
              + addresses
              + " in one task ("
              + node.text()
              + "): a task computes on one.",
          "Set spark.task.resource.gpu.amount to 1 or to a fraction.");
    }
    String address = addresses.isEmpty() ? "" : addresses.get(0);
    return new DeviceAssignment(
        node.host(), node.executor(), address, device(wanted, address, node));
  }

  private static String device(ModelConfig.Device wanted, String address, Node node) {
    boolean isNone = address.isEmpty();
    if (wanted == ModelConfig.Device.CPU || (wanted == ModelConfig.Device.AUTO && isNone)) {
      return CPU;
    }
    if (isNone && node.isTask()) {
      throw new UserError(
          "Cannot use --device gpu: Spark assigned no GPU to a task of " + node.text() + ".",
          "Set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount (a local"
              + " master has no such resource), or "
              + USE_CPU
              + ".");
    }
    return GPU + ":" + (isNone ? 0 : index(address, node));
  }

  /**
   * Asks libtorch whether it can compute on this device; loads it if need be.
   *
   * @return this
   * @throws UserError if it cannot: an address was pretended, or the jar's libtorch is the one for
   *     processors
   * @throws ai.icon.error.ResourceError if libtorch cannot be loaded
   */
  public DeviceAssignment requireUsable() {
    return requireUsable(NativeRuntime::refusalOfGpu);
  }

  /**
   * The same by another judge.
   *
   * @param refusal why CUDA's GPU of a number cannot be used, if so
   */
  DeviceAssignment requireUsable(IntFunction<Optional<String>> refusal) {
    if (device.equals(CPU)) {
      return this;
    }
    int index = Integer.parseInt(device.substring(device.indexOf(':') + 1));
    Optional<String> why = refusal.apply(index);
    if (why.isPresent()) {
      throw unusable(index, why.get());
    }
    return this;
  }

  private UserError unusable(int index, String why) {
    String gpu =
        address.isEmpty() ? "GPU " + index : "GPU address " + address + " (CUDA's " + index + ")";
    return new UserError(
        "Cannot use " + gpu + " of " + place(executor, host) + ": " + why + ".",
        "To compute on the processor, "
            + USE_CPU
            + "; to compute on GPUs, use a jar built with 'mvn -P cuda package' on machines with"
            + " CUDA's driver.");
  }

  /**
   * CUDA numbers the devices that CUDA_VISIBLE_DEVICES lists by their place in that list, and all
   * devices where it is not set. Discovery by nvidia-smi does not heed the list.
   */
  private static int index(String address, Node node) {
    if (!node.visible().isBlank()) {
      List<String> visible =
          Arrays.stream(node.visible().split(",", -1)).map(String::strip).toList();
      int place = visible.indexOf(address);
      if (place < 0) {
        throw new UserError(
            "Cannot use GPU address "
                + address
                + " of "
                + node.text()
                + ": "
                + VISIBLE
                + " is "
                + node.visible()
                + " and does not list it.",
            "Let the discovery script print what " + VISIBLE + " lists, or unset that.");
      }
      return place;
    }
    if (!address.matches("\\d{1,4}")) {
      throw new UserError(
          "Cannot use GPU address " + address + " of " + node.text() + ": must be a whole number.",
          "Let the discovery script print CUDA's numbers, such as 0, or " + USE_CPU + ".");
    }
    return Integer.parseInt(address);
  }
}
