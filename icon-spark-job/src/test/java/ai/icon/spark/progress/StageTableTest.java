package ai.icon.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageTableTest {
  @Test
  void columnsAreAligned() {
    List<StageRecord> records =
        List.of(
            record(StageName.INGEST, 1.25, 0, Map.of("read", 1000L, "rejects", 3L)),
            record(StageName.SCORE, 1234.5, 9_876_543, Map.of("pairs", 12_800L)),
            record(StageName.TRAIN, 0, 0, Map.of()));

    assertThat(StageTable.of(records).lines())
        .containsExactly(
            "stage   seconds     tokens  counts",
            "ingest      1.3          -  read 1,000, rejects 3",
            "score    1234.5  9,876,543  pairs 12,800",
            "train       0.0          -");
  }

  private static StageRecord record(
      StageName stage, double seconds, long tokens, Map<String, Long> counts) {
    return StageRecord.of(stage, StageInputs.of(Map.of()), seconds, tokens, counts, Map.of());
  }
}
