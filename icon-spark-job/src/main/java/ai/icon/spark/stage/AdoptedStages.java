package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageDecision;
import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Completes the stages assess, score and train of a run with what another has: its assessed
 * examples, which are taken out of the new pool, its contributions and its selector. The pairs stay
 * where they are.
 */
final class AdoptedStages {
  private final StageContext context;
  private final RunFolder fitted;

  AdoptedStages(StageContext context, RunFolder fitted) {
    this.context = context;
    this.fitted = fitted;
  }

  void complete() throws IOException {
    adopt(StageName.ASSESS, this::assess);
    adopt(StageName.SCORE, this::score);
    adopt(StageName.TRAIN, this::train);
  }

  /** The work of a stage. */
  @FunctionalInterface
  private interface Work {
    StageOutcome run() throws IOException;
  }

  private void adopt(StageName stage, Work work) throws IOException {
    RunFolder folder = context.folder();
    StageInputs inputs = inputs(stage);
    if (folder.decide(stage, inputs) == StageDecision.COMPLETE) {
      return;
    }
    folder.begin(stage, inputs);
    long begun = System.nanoTime();
    StageOutcome outcome = work.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    folder.complete(StageRecord.of(stage, inputs, seconds, 0, outcome.counts(), outcome.figures()));
  }

  private StageInputs inputs(StageName stage) throws IOException {
    List<StageName> upTo = stage.upTo();
    StageName before = upTo.get(upTo.size() - 2);
    SortedMap<String, String> inputs = new TreeMap<>(Inputs.prompt(context));
    inputs.put("version", BuildVersion.version());
    inputs.put("adopted " + stage.text(), record(stage).fingerprint());
    inputs.put(
        "stage " + before.text(), context.folder().record(before).orElseThrow().fingerprint());
    return StageInputs.of(inputs);
  }

  private StageRecord record(StageName stage) throws IOException {
    return fitted
        .record(stage)
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot use what was learnt in "
                        + fitted.root()
                        + ": stage "
                        + stage.text()
                        + " is not complete.",
                    "Fit it again."));
  }

  private StageOutcome assess() throws IOException {
    AssessmentSource source =
        one -> new AssessmentSource.Assessed(AssessStage.load(one, fitted), Set.of(), List.of());
    return AssessStage.fix(context, source, false);
  }

  private StageOutcome score() throws IOException {
    copy(context.path(Table.CONTRIBUTIONS), fitted.table(Table.CONTRIBUTIONS));
    Dataset<Row> pool = context.read(Table.POOL).select(Columns.SAMPLE_ID);
    long scored =
        context
            .read(Table.CONTRIBUTIONS)
            .select(Columns.SAMPLE_ID)
            .join(pool, Columns.SAMPLE_ID)
            .count();
    long pairs = scored * context.count(StageName.ASSESS, "assessment");
    return StageOutcome.of(
        Map.of("candidates", scored, "scored", scored, "pairs", pairs, "nonFinite", 0L));
  }

  private StageOutcome train() throws IOException {
    copy(context.folder().selector(), fitted.selector());
    return new StageOutcome(0, Map.of(), record(StageName.TRAIN).figures());
  }

  private void copy(Path to, Path from) throws IOException {
    Configuration hadoop = context.hadoop().configuration();
    FileSystem source = from.getFileSystem(hadoop);
    FileSystem target = to.getFileSystem(hadoop);
    Fence.check(hadoop);
    target.delete(to, true);
    if (source.exists(from)) {
      FileUtil.copy(source, from, target, to, false, true, hadoop);
    }
  }
}
