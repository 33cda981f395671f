package ai.icon.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StageTableTest {
  @Test
  void columnsAreAligned() {
    List<StageRecord> records =
        List.of(
            record(StageName.INGEST, 1.25, 0, Map.of("read", 1000L, "rejects", 3L)),
            record(StageName.SCORE, 1234.5, 9_876_543, Map.of("pairs", 12_800L)),
            record(StageName.TRAIN, 0, 0, Map.of()));

    assertThat(StageTable.of(records, new TreeMap<>()).lines())
        .containsExactly(
            "stage   seconds     tokens  counts",
            "ingest      1.3          -  read 1,000, rejects 3",
            "score    1234.5  9,876,543  pairs 12,800",
            "train       0.0          -",
            "total    1235.8  9,876,543");
  }

  @Test
  void theDriverAndTheLargestExecutorSayTheirMemory() {
    SortedMap<String, ProcessMemory> memory = new TreeMap<>();
    memory.put("driver", new ProcessMemory(512L << 20, 0));
    memory.put("0", new ProcessMemory(100L << 20, 3000L << 20));
    memory.put("1", new ProcessMemory(200L << 20, 2000L << 20));

    assertThat(StageTable.of(List.of(), memory).lines().skip(2))
        .containsExactly(
            "memory of the driver: heap 512 MiB",
            "memory of an executor (2, the largest): heap 200 MiB, resident 3,000 MiB");
  }

  @Test
  void aProcessKnowsItsPeaks() {
    ProcessMemory before = ProcessMemory.ofThisProcess();
    byte[] block = new byte[64 << 20];
    block[block.length - 1] = 1;
    ProcessMemory after = ProcessMemory.ofThisProcess();

    assertThat(before.heapBytes()).isPositive();
    assertThat(after.max(before).heapBytes()).isGreaterThanOrEqualTo(64L << 20);
    assertThat(block[block.length - 1]).isEqualTo((byte) 1);
  }

  private static StageRecord record(
      StageName stage, double seconds, long tokens, Map<String, Long> counts) {
    return StageRecord.of(stage, StageInputs.of(Map.of()), seconds, tokens, counts, Map.of());
  }
}
