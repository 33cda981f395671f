package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stays of a scored run whose groups are to weigh otherwise, at whatever moment it is killed.
 */
class ReweighedRunTest {
  private static final String PAIRS = "pairs/part-00000.parquet";
  private static final StageInputs EVEN = inputs("{}", "1");
  private static final StageInputs MATHS = inputs("{maths=2.0}", "1");

  @TempDir Path place;
  private RunFolder folder;

  @BeforeEach
  void aRunThatIsTrained() throws IOException {
    folder = RunFolder.create(place.toString(), new Configuration());
    folder.begin(StageName.SCORE, EVEN);
    Files.createDirectories(place.resolve("pairs"));
    Files.writeString(place.resolve(PAIRS), "pairs");
    JsonFile.write(
        folder.hadoop(),
        ShardCommit.marker(folder.root(), ShardSet.PAIRS, 0),
        new ShardMarker(0, new TreeMap<>(Map.of(PAIRS, 3L)), 3, 3, 3, 1));
    folder.complete(record(StageName.SCORE, EVEN));
    folder.begin(StageName.TRAIN, EVEN);
    folder.complete(record(StageName.TRAIN, EVEN));
  }

  @Test
  void otherWeightsAloneKeepThePairsAndLoseWhatWasMadeOfThem() throws IOException {
    assertThat(folder.isWeighedOtherwise(MATHS)).isTrue();

    folder.reweigh(MATHS);

    assertThat(folder.decide(StageName.SCORE, MATHS)).isEqualTo(StageDecision.REWEIGH);
    assertThat(folder.record(StageName.TRAIN)).isEmpty();
    assertThat(RunAudit.of(folder).isClean()).isTrue();
    folder.begin(StageName.SCORE, MATHS);
    assertThat(place.resolve(PAIRS)).hasContent("pairs");
    assertThat(folder.commits(ShardSet.PAIRS).committed()).containsExactly(0);
  }

  @Test
  void weighingIsToBeDoneUntilItIsSaidToBe() throws IOException {
    folder.reweigh(MATHS);
    folder.begin(StageName.SCORE, MATHS);
    assertThat(folder.isToReweigh()).isTrue(); // as whoever comes behind a kill finds it

    folder.reweighed();

    assertThat(folder.isToReweigh()).isFalse();
    assertThat(folder.decide(StageName.SCORE, MATHS)).isEqualTo(StageDecision.RESUME);
  }

  @Test
  void weightsThatChangeOnceMoreMeanwhileKeepThePairsToo() throws IOException {
    folder.reweigh(MATHS);

    assertThat(folder.isWeighedOtherwise(EVEN)).isTrue();
    folder.reweigh(EVEN);

    assertThat(folder.decide(StageName.SCORE, EVEN)).isEqualTo(StageDecision.REWEIGH);
    assertThat(folder.commits(ShardSet.PAIRS).committed()).containsExactly(0);
  }

  @Test
  void theSameInputsOrOtherOnesBesidesTheWeightsAreNoReasonToWeigh() throws IOException {
    assertThat(folder.isWeighedOtherwise(EVEN)).isFalse();
    assertThat(folder.isWeighedOtherwise(inputs("{maths=2.0}", "2"))).isFalse();
  }

  @Test
  void aStageThatIsDoneAgainKeepsNothing() throws IOException {
    folder.reweigh(MATHS);
    folder.redo(StageName.SCORE);

    assertThat(place.resolve(PAIRS)).doesNotExist();
    assertThat(folder.isToReweigh()).isFalse();
    assertThat(folder.decide(StageName.SCORE, MATHS)).isEqualTo(StageDecision.NEW);
  }

  @Test
  void aKillBeforeTheOldRecordGoesLeavesTheRunAsItWas() throws IOException {
    String record = Files.readString(place.resolve("_icon/stages/score.json"));
    folder.reweigh(MATHS);
    Files.writeString(place.resolve("_icon/stages/score.json"), record);

    assertThat(folder.decide(StageName.SCORE, EVEN)).isEqualTo(StageDecision.COMPLETE);
    folder.sweep();

    assertThat(folder.isToReweigh()).isFalse();
    assertThat(RunAudit.of(folder).isClean()).isTrue();
  }

  @Test
  void otherWeightsUnaskedAreRefusedWithTheirOwnCure() {
    assertThatThrownBy(() -> folder.decide(StageName.SCORE, MATHS))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot go on with stage score in %s: it was made with other inputs:\n"
                    .formatted(folder.root())
                + "    score.groupWeights: was {}, now {maths=2.0}\n"
                + "  Weigh its pairs anew, none of which is scored again, and run the stages after"
                + " it again with --reweigh, or choose another folder with --out");
  }

  private static StageInputs inputs(String weights, String seed) {
    return StageInputs.of(Map.of(StageInputs.GROUP_WEIGHTS, weights, "seed", seed));
  }

  private static StageRecord record(StageName stage, StageInputs inputs) {
    return StageRecord.of(stage, inputs, 1, 0, Map.of(), Map.of());
  }
}
