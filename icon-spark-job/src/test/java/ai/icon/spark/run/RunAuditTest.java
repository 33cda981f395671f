package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is named by nothing is an orphan; what is named must be there. */
class RunAuditTest {
  private static final StageInputs INPUTS = StageInputs.of(Map.of("seed", "1"));
  private static final String PAIRS = "pairs/part-00000.parquet";

  @TempDir Path place;
  private RunFolder folder;

  @BeforeEach
  void aRunThatScores() throws IOException {
    folder = RunFolder.create(place.toString(), new Configuration());
    folder.begin(StageName.INGEST, INPUTS);
    write(Table.SAMPLES.folder() + "/part-00000.parquet");
    folder.complete(StageRecord.of(StageName.INGEST, INPUTS, 1, 0, Map.of(), Map.of()));
    folder.begin(StageName.SCORE, INPUTS);
    write(PAIRS);
    JsonFile.write(
        folder.hadoop(),
        ShardCommit.marker(folder.root(), ShardSet.PAIRS, 0),
        new ShardMarker(0, new TreeMap<>(Map.of(PAIRS, 3L)), 3, 3, 3, 1));
  }

  @Test
  void aFolderOfWhatItNamesIsClean() throws IOException {
    assertThat(RunAudit.of(folder)).isEqualTo(new RunAudit(List.of(), List.of()));
  }

  @Test
  void aShardThatNoMarkerNamesIsAnOrphan() throws IOException {
    write("pairs/part-00001.parquet");

    assertThat(RunAudit.of(folder).orphans()).containsExactly("pairs/part-00001.parquet");
  }

  @Test
  void tablesOfAStageThatWasNeverBegunAreOrphans() throws IOException {
    write("ranking/part-00000.parquet");

    assertThat(RunAudit.of(folder).orphans()).containsExactly("ranking/part-00000.parquet");
  }

  @Test
  void aFileThatAMarkerNamesAndThatIsGoneIsMissing() throws IOException {
    Files.delete(place.resolve(PAIRS));

    RunAudit audit = RunAudit.of(folder);

    assertThat(audit.missing()).containsExactly(PAIRS);
    assertThat(audit.isClean()).isFalse();
  }

  @Test
  void whatKilledDriversLeftHalfWrittenIsAnOrphanUntilTheNextOneBegins() throws IOException {
    List<String> halves =
        List.of(
            half("manifest.json"),
            half("_icon/status.json"),
            half("_icon/stages/score.started.json"),
            half("_icon/plan/pairs.json"),
            half("_icon/samples/part-00000.parquet"));
    halves.forEach(this::write);
    write("_icon/stages/ingest.started.json"); // killed between the record and its removal

    assertThat(RunAudit.of(folder).orphans())
        .containsAll(halves)
        .contains("_icon/stages/ingest.started.json");
    folder.sweep();

    assertThat(RunAudit.of(folder).isClean()).isTrue();
  }

  @Test
  void whatADriverWasKilledOverInItsLeaseGoesWithTheNextLease() throws IOException {
    RunLease.take(folder, "", System.err, () -> {}).close();
    write(half("_icon/lease/00000001.json"));

    RunLease.take(folder, "", System.err, () -> {}).close();

    assertThat(RunAudit.of(folder).orphans()).isEmpty();
  }

  private static String half(String target) {
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path("/" + target);
    return WholeFile.tmp(file, "7").toString().substring(1);
  }

  private void write(String file) {
    try {
      Files.createDirectories(place.resolve(file).getParent());
      Files.writeString(place.resolve(file), "{}");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
