package ai.icon.spark.progress;

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The most memory that a process has used so far.
 *
 * @param heapBytes of the Java heap: the peaks of its pools, which need not coincide, summed
 * @param residentBytes of the process as a whole, libtorch's included, as Linux counts it; 0 where
 *     it does not say
 */
public record ProcessMemory(long heapBytes, long residentBytes) implements Serializable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final long KIB = 1024;

  /** Of this process. */
  static ProcessMemory ofThisProcess() {
    long heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    return new ProcessMemory(heap, resident());
  }

  private static long resident() {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // A figure for people: what the system does not tell is left out.
    }
  }

  /** The larger of each. */
  ProcessMemory max(ProcessMemory other) {
    return new ProcessMemory(
        Math.max(heapBytes, other.heapBytes), Math.max(residentBytes, other.residentBytes));
  }
}
