package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStatusTest {
  private static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LATER = BEGUN.plusSeconds(60);

  @Test
  void everyStateIsReadBackAsItWasWritten(@TempDir Path place) throws IOException {
    RunFolder folder = RunFolder.create(place.toString(), new Configuration());
    RunStatus scoring = RunStatus.begun(BEGUN).in(StageName.SCORE, LATER);

    for (RunStatus status :
        new RunStatus[] {scoring, scoring.failed(2, "why", LATER), scoring.succeeded(LATER)}) {
      folder.status(status);
      assertThat(folder.status()).contains(status);
    }
    assertThat(place.resolve("_icon/status.json"))
        .content()
        .contains("\"state\" : \"succeeded\"", "\"exitCode\" : 0", "\"stage\" : \"score\"");
  }

  @Test
  void stateAndExitCodeMustAgree() {
    assertThatThrownBy(() -> RunStatus.begun(BEGUN).failed(0, "why", LATER))
        .hasMessage("Invalid status: a run that is failed has no exit code 0");
    assertThatThrownBy(() -> RunStatus.begun(LATER).succeeded(BEGUN))
        .hasMessageContaining("is before started");
  }

  @Test
  void theRunsFingerprintIsThatOfVersionAndSettings() {
    RunRecord record = RunRecord.running("1", Map.of("seed", "1"));

    assertThat(RunRecord.running("1", Map.of("seed", "2")).fingerprint())
        .isNotEqualTo(record.fingerprint());
    assertThat(RunRecord.running("2", Map.of("seed", "1")).fingerprint())
        .isNotEqualTo(record.fingerprint());
    assertThat(record.ended(RunStatus.State.FAILED, "why").fingerprint())
        .isEqualTo(record.fingerprint());
    assertThatThrownBy(
            () -> new RunRecord("1", "other", new TreeMap<>(), RunStatus.State.RUNNING, ""))
        .hasMessage("Invalid run record: fingerprint other is not that of its settings");
  }

  @Test
  void aStageRecordIsHeldToItsInputs() {
    assertThatThrownBy(
            () ->
                new StageRecord(
                    StageName.RANK, "other", new TreeMap<>(), 1, 0, new TreeMap<>(), Map.of()))
        .hasMessage("Invalid stage record: fingerprint other is not that of its inputs");
    assertThatThrownBy(
            () ->
                StageRecord.of(StageName.RANK, StageInputs.of(Map.of()), -1, 0, Map.of(), Map.of()))
        .hasMessage(
            "Invalid stage record: seconds and tokens must not be negative, got -1.0 and 0");
  }
}
