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
      return StageDecision.RESUME;
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

  Optional<StageRecord> record(StageName stage) throws IOException {
    return JsonFile.read(hadoop, recordFile(stage), StageRecord.class);
  }

  Optional<StageInputs> started(StageName stage) throws IOException {
    return JsonFile.read(hadoop, startedFile(stage), StageInputs.class);
  }

  private void refuseChanges(StageName stage, StageInputs was, StageInputs now, String done) {
    List<String> changes = was.changesTo(now);
    if (!changes.isEmpty()) {
      throw new UserError(
          "Cannot go on with stage %s in %s: it %s with other inputs:\n    %s"
              .formatted(stage.text(), root, done, String.join("\n    ", changes)),
          "Start it and the stages after it over with --redo "
              + stage.text()
              + ", or choose another folder with --out");
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
    delete(startedFile(stage));
  }

  private void delete(Path path) throws IOException {
    StageSweep.delete(hadoop, path);
  }

  private Path recordFile(StageName stage) {
    return new Path(root, "_icon/stages/" + stage.text() + ".json");
  }

  private Path startedFile(StageName stage) {
    return new Path(root, "_icon/stages/" + stage.text() + ".started.json");
  }
}
