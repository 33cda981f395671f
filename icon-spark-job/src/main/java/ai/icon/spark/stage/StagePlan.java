package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.spark.run.StageDecision;
import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is to be done about stages, and what must be refused before anything is touched. */
final class StagePlan {
  private static final List<Stage> STAGES =
      List.of(
          new IngestStage(),
          new AssessStage(),
          new ScoreStage(),
          new TrainStage(),
          new RankStage(),
          new SelectStage());

  private final StageContext context;

  StagePlan(StageContext context) {
    this.context = context;
  }

  /** The stages of those names, in the order of the data. */
  static List<Stage> stages(List<StageName> names) {
    return STAGES.stream().filter(stage -> names.contains(stage.name())).toList();
  }

  /**
   * What would be done, stage by stage; changes nothing. Behind the first that is not complete, all
   * are new.
   *
   * @throws UserError if a setting or input is wrong, output was made from others, a stage before
   *     these is missing, or one that is not among them is to be done again
   */
  Map<StageName, StageDecision> decide(List<StageName> names, List<StageName> redo)
      throws IOException {
    refuseOtherRedo(names, redo);
    Map<StageName, StageDecision> decisions = new EnumMap<>(StageName.class);
    refuseOtherTexts(names);
    boolean isKnown = true;
    for (Stage stage : stages(names)) {
      StageDecision decision = StageDecision.NEW;
      if (isKnown) {
        StageInputs inputs = inputs(stage);
        boolean isRedone = redo.contains(stage.name());
        decision = isRedone ? decision : context.folder().decide(stage.name(), inputs);
      }
      isKnown = decision == StageDecision.COMPLETE;
      if (!isKnown) {
        stage.check(context);
      }
      decisions.put(stage.name(), decision);
    }
    return decisions;
  }

  /**
   * A stage's own inputs and what came before it.
   *
   * @throws UserError if the stage before is not complete
   */
  StageInputs inputs(Stage stage) throws IOException {
    SortedMap<String, String> inputs = new TreeMap<>(stage.inputs(context));
    inputs.put("version", BuildVersion.version());
    int index = STAGES.indexOf(stage);
    if (index > 0) {
      StageName before = STAGES.get(index - 1).name();
      StageRecord record =
          context.folder().record(before).orElseThrow(() -> missing(stage.name(), before));
      inputs.put("stage " + before.text(), record.fingerprint());
    }
    return StageInputs.of(inputs);
  }

  private UserError missing(StageName stage, StageName before) {
    return new UserError(
        "Cannot run stage "
            + stage.text()
            + " in "
            + context.folder().root()
            + ": stage "
            + before.text()
            + " is not complete.",
        "Run icon " + before.text() + " first, or icon run for all stages.");
  }

  /** Stages that are not run again must have seen the same model and the same texts. */
  private void refuseOtherTexts(List<StageName> names) throws IOException {
    SortedMap<String, String> now = Inputs.forward(context);
    for (Stage stage : STAGES) {
      Optional<StageRecord> record = context.folder().record(stage.name());
      if (names.contains(stage.name()) || names.get(0).compareTo(stage.name()) < 0) {
        return;
      }
      if (record.isPresent()) {
        SortedMap<String, String> was = new TreeMap<>(record.get().inputs());
        was.keySet().retainAll(now.keySet());
        SortedMap<String, String> same = new TreeMap<>(now);
        same.keySet().retainAll(was.keySet());
        List<String> changes = StageInputs.of(was).changesTo(StageInputs.of(same));
        if (!changes.isEmpty()) {
          throw new UserError(
              "Cannot go on in %s: stage %s was made with other inputs:\n    %s"
                  .formatted(
                      context.folder().root(), stage.name().text(), String.join("\n    ", changes)),
              "Leave the settings as they were, or choose another folder with --out.");
        }
      }
    }
  }

  private static void refuseOtherRedo(List<StageName> names, List<StageName> redo) {
    for (StageName one : redo) {
      if (!names.contains(one)) {
        throw new UserError(
            "Cannot redo stage "
                + one.text()
                + ": this command runs "
                + names.stream().map(StageName::text).collect(Collectors.joining(", "))
                + ", and what lies behind it would be lost.",
            "Use icon " + one.text() + " or icon run with --redo " + one.text() + ".");
      }
    }
  }
}
