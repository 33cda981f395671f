package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What one task found where it ran.
 *
 * @param executor Spark's id of its executor; {@code driver} on a local master
 * @param host its machine
 * @param javaVersion feature number
 * @param heapBytes most that the heap may take
 * @param memoryBytes of the machine or of its container
 * @param gpuAddresses what Spark gave this task
 * @param cudaVisible its CUDA_VISIBLE_DEVICES; empty if that is not set
 * @param modelProblem why the model cannot be used there, as a user error says it; empty if it can
 * @param modelFingerprint of the checkpoint found there; empty if none was asked for
 * @param torch libtorch there
 * @param outProblem why the run folder cannot be used there; empty if it can
 */
record ExecutorFacts(
    String executor,
    String host,
    int javaVersion,
    long heapBytes,
    long memoryBytes,
    List<String> gpuAddresses,
    String cudaVisible,
    String modelProblem,
    String modelFingerprint,
    Torch torch,
    String outProblem) {

  private static final ObjectMapper JSON = new ObjectMapper();

  ExecutorFacts {
    requireNonNull(executor, "executor");
    requireNonNull(host, "host");
    requireNonNull(cudaVisible, "cudaVisible");
    requireNonNull(modelProblem, "modelProblem");
    requireNonNull(modelFingerprint, "modelFingerprint");
    requireNonNull(torch, "torch");
    requireNonNull(outProblem, "outProblem");
    gpuAddresses = List.copyOf(gpuAddresses);
  }

  /**
   * libtorch on an executor.
   *
   * @param flavour {@code cpu} or a CUDA version; empty if the natives were not found
   * @param folder of the natives
   * @param missingBytes what must still be unpacked there
   * @param freeBytes left on that disk
   * @param isWritable whether something can be unpacked there
   * @param cudaDevices that it can compute on; {@link #UNKNOWN} where it was not loaded
   * @param problem why it cannot be found or loaded; empty if it can
   */
  record Torch(
      String flavour,
      String folder,
      long missingBytes,
      long freeBytes,
      boolean isWritable,
      int cudaDevices,
      String problem) {
    static final int UNKNOWN = -1;

    Torch {
      requireNonNull(flavour, "flavour");
      requireNonNull(folder, "folder");
      requireNonNull(problem, "problem");
    }
  }

  /** Its place in messages. */
  String place() {
    return "executor " + executor + " on " + host;
  }

  /** As text: a user's choice of serializer for results has no say in it. */
  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record always becomes text", e);
    }
  }

  static ExecutorFacts of(String json) {
    try {
      return JSON.readValue(json, ExecutorFacts.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read what a task wrote: " + json, e);
    }
  }
}
