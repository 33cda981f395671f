package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import ai.icon.djl.TorchNatives;
import ai.icon.djl.TorchRuntime;
import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import java.io.File;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.resource.ResourceInformation;

/**
 * Looks round on an executor.
 *
 * @param model where the checkpoint comes from; its location is empty if none is needed
 * @param loadsTorch whether libtorch is loaded too, which takes seconds where it is new
 * @param token the file by which executors show that they see the run folder
 */
record ProbeTask(ModelSource model, boolean loadsTorch, FolderToken token)
    implements Function<Integer, String> {
  private static final long serialVersionUID = 1L;

  ProbeTask {
    requireNonNull(model, "model");
    requireNonNull(token, "token");
  }

  @Override
  public String call(Integer task) {
    String executor = SparkEnv.get().executorId();
    String modelProblem = "";
    String fingerprint = "";
    try {
      fingerprint = model.location().isEmpty() ? "" : ModelSummary.of(model).fingerprint();
    } catch (UserError e) {
      modelProblem = e.getMessage();
    }
    return new ExecutorFacts(
            executor,
            SparkEnv.get().blockManager().blockManagerId().host(),
            Runtime.version().feature(),
            Runtime.getRuntime().maxMemory(),
            DriverFacts.machineMemory(),
            gpuAddresses(),
            Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")).orElse(""),
            modelProblem,
            fingerprint,
            torch(),
            token.answer(executor + "-" + task))
        .json();
  }

  private static List<String> gpuAddresses() {
    ResourceInformation gpu = TaskContext.get().resourcesJMap().get("gpu");
    return gpu == null ? List.of() : List.of(gpu.addresses());
  }

  private ExecutorFacts.Torch torch() {
    TorchNatives natives;
    try {
      natives = TorchNatives.find();
    } catch (RuntimeException e) {
      return new ExecutorFacts.Torch(
          "", "", 0, 0, false, ExecutorFacts.Torch.UNKNOWN, "Cannot find natives: " + e);
    }
    File folder = existing(new File(natives.folder()));
    long free = folder.getUsableSpace();
    int devices = ExecutorFacts.Torch.UNKNOWN;
    String problem = "";
    // What has no room is not tried: half of a library would be left behind.
    boolean fits =
        natives.missingBytes() == 0 || (folder.canWrite() && free > natives.missingBytes());
    if (loadsTorch && fits) {
      try {
        devices = TorchRuntime.load().cudaDevices();
      } catch (ResourceError e) {
        problem = e.getMessage();
      }
    }
    return new ExecutorFacts.Torch(
        natives.flavour(),
        natives.folder(),
        natives.missingBytes(),
        free,
        folder.canWrite(),
        devices,
        problem);
  }

  private static File existing(File folder) {
    File nearest = folder;
    while (!nearest.exists() && nearest.getParentFile() != null) {
      nearest = nearest.getParentFile();
    }
    return nearest;
  }
}
