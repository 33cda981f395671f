package ai.icon.spark.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process used of the machine's memory. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private Memory() {}

  /** Adds the heap's limit and the peak of resident memory, MiB; the latter only on Linux. */
  static void describe(ObjectNode figures) throws IOException {
    figures.put("heapLimitMiB", Runtime.getRuntime().maxMemory() >> 20);
    if (!Files.isReadable(STATUS)) {
      return;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(PEAK)) {
        long kibibytes = Long.parseLong(line.replaceAll("\\D", ""));
        figures.put("peakResidentMiB", kibibytes >> 10);
      }
    }
  }
}
