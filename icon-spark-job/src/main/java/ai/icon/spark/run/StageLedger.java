package ai.icon.spark.run;

import ai.icon.error.UserError;
import ai.icon.spark.rows.Fence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Which stages are begun and done, and with which inputs. */
final class StageLedger {
  private final Path root;
  private final Configuration hadoop;

  StageLedger(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  StageDecision decide(StageName stage, StageInputs now) throws IOException {
    Optional<StageRecord> record = record(stage);
    if (record.isPresent()) {
      refuseChanges(stage, new StageInputs(record.get().inputs()), now, "was made");
      return StageDecision.COMPLETE;
    }
    Optional<StageInputs> started = started(stage);
    if (started.isPresent()) {
      boolean isChanged = !started.get().changesTo(now).isEmpty();
      if (isChanged && nothingCommitted(stage)) {
        return StageDecision.NEW; // a bad input was mended: there is no work to lose
      }
      refuseChanges(stage, started.get(), now, "was begun");
      return isToReweigh(stage) ? StageDecision.REWEIGH : StageDecision.RESUME;
    }
    return StageDecision.NEW;
  }

  void begin(StageName stage, StageInputs inputs) throws IOException {
    Fence.check(hadoop);
    if (decide(stage, inputs) == StageDecision.NEW) {
      clear(stage); // what lies here without a record is of unknown origin
      JsonFile.write(hadoop, startedFile(stage), inputs);
    } else {
      StageSweep.halves(hadoop, root, stage);
    }
  }

  /** Clears the folder of what killed drivers were about to write or to remove. */
  void sweep() throws IOException {
    Fence.check(hadoop);
    StageSweep.strays(hadoop, root);
    for (StageName stage : StageName.values()) {
      if (record(stage).isPresent()) {
        delete(startedFile(stage));
        forgetWeighing(stage);
      }
    }
  }

  void complete(StageRecord record) throws IOException {
    Fence.check(hadoop);
    StageSweep.orphans(hadoop, root, record.stage());
    JsonFile.write(hadoop, recordFile(record.stage()), record);
    delete(startedFile(record.stage()));
  }

  /** Forgets the last stage first, so that a kill in between leaves no stage on missing input. */
  void redo(StageName stage) throws IOException {
    Fence.check(hadoop);
    List<StageName> stages = new ArrayList<>(stage.andLater());
    Collections.reverse(stages);
    for (StageName each : stages) {
      clear(each);
    }
  }

  boolean isWeighedOtherwise(StageInputs now) throws IOException {
    return inputs(StageName.SCORE).map(was -> was.differsInWeightsAlone(now)).orElse(false);
  }

  /**
   * Keeps the pairs and forgets what was made of them. The note comes first and the old record goes
   * last: killed in between, the stage is as it was, or is begun and knows that it is to weigh.
   */
  void reweigh(StageInputs now) throws IOException {
    redo(StageName.TRAIN);
    JsonFile.write(hadoop, weighingFile(), "contributions are being weighed anew");
    JsonFile.write(hadoop, startedFile(StageName.SCORE), now);
    delete(recordFile(StageName.SCORE));
  }

  boolean isToReweigh(StageName stage) throws IOException {
    return stage == StageName.SCORE
        && JsonFile.read(hadoop, weighingFile(), String.class).isPresent();
  }

  void reweighed() throws IOException {
    delete(weighingFile());
  }

  /** What a stage was made of, or was begun with. */
  Optional<StageInputs> inputs(StageName stage) throws IOException {
    Optional<StageRecord> record = record(stage);
    return record.isPresent() ? record.map(made -> new StageInputs(made.inputs())) : started(stage);
  }

  Optional<StageRecord> record(StageName stage) throws IOException {
    return JsonFile.read(hadoop, recordFile(stage), StageRecord.class);
  }

  Optional<StageInputs> started(StageName stage) throws IOException {
    return JsonFile.read(hadoop, startedFile(stage), StageInputs.class);
  }

  private void refuseChanges(StageName stage, StageInputs was, StageInputs now, String done) {
    List<String> changes = was.changesTo(now);
    if (!changes.isEmpty()) {
      String cure =
          was.differsInWeightsAlone(now)
              ? "Weigh its pairs anew, none of which is scored again, and run the stages after it"
                  + " again with --reweigh"
              : "Start it and the stages after it over with --redo " + stage.text();
      throw new UserError(
          "Cannot go on with stage %s in %s: it %s with other inputs:\n    %s"
              .formatted(stage.text(), root, done, String.join("\n    ", changes)),
          cure + ", or choose another folder with --out");
    }
  }

  private boolean nothingCommitted(StageName stage) throws IOException {
    for (ShardSet set : ShardSet.of(stage)) {
      if (!ShardCommit.markers(hadoop, root, set).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Record and markers go before the data that they vouch for. */
  private void clear(StageName stage) throws IOException {
    delete(recordFile(stage));
    for (ShardSet set : ShardSet.of(stage)) {
      for (Path marker : ShardCommit.markers(hadoop, root, set)) {
        delete(marker);
      }
      delete(ShardPlan.file(root, set));
    }
    for (String output : stage.outputs()) {
      delete(new Path(root, output));
    }
    forgetWeighing(stage);
    delete(startedFile(stage));
  }

  private void forgetWeighing(StageName stage) throws IOException {
    if (stage == StageName.SCORE) {
      reweighed();
    }
  }

  private void delete(Path path) throws IOException {
    StageSweep.delete(hadoop, path);
  }

  private Path recordFile(StageName stage) {
    return new Path(root, "_icon/stages/" + stage.text() + ".json");
  }

  /** Lies there while contributions may be of other weights than the stage was begun with. */
  private Path weighingFile() {
    return new Path(root, "_icon/stages/score.weighing.json");
  }

  private Path startedFile(StageName stage) {
    return new Path(root, "_icon/stages/" + stage.text() + ".started.json");
  }
}
