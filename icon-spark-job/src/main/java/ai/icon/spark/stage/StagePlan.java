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
   * @param reweighs whether a scored stage whose groups are to weigh otherwise is weighed anew and
   *     not refused
   * @throws UserError if a setting or input is wrong, output was made from others, a stage before
   *     these is missing, or one that is not among them is to be done again
   */
  Map<StageName, StageDecision> decide(
      List<StageName> names, List<StageName> redo, boolean reweighs) throws IOException {
    refuseOtherRedo(names, redo);
    refuseOtherReweighing(names, reweighs);
    Map<StageName, StageDecision> decisions = new EnumMap<>(StageName.class);
    refuseOtherTexts(names);
    boolean isKnown = true;
    for (Stage stage : stages(names)) {
      StageDecision decision = StageDecision.NEW;
      if (isKnown) {
        StageInputs inputs = inputs(stage);
        if (!redo.contains(stage.name())) {
          decision = decide(stage.name(), inputs, reweighs);
        }
      }
      isKnown = decision == StageDecision.COMPLETE;
      if (!isKnown) {
        stage.check(context);
      }
      decisions.put(stage.name(), decision);
    }
    return decisions;
  }

  private StageDecision decide(StageName stage, StageInputs inputs, boolean reweighs)
      throws IOException {
    boolean isScore = stage == StageName.SCORE;
    StageDecision decision =
        isScore && reweighs && context.folder().isWeighedOtherwise(inputs)
            ? StageDecision.REWEIGH
            : context.folder().decide(stage, inputs);
    if (decision == StageDecision.REWEIGH) { // a wrong weight must cost no ranking
      new StoredPairs(context.spark(), context.folder())
          .checked(context.config().score().groupWeights());
    }
    return decision;
  }

  /** Throws away what is to be done again and all behind it; pairs to be weighed anew stay. */
  void clear(List<StageName> redo, Map<StageName, StageDecision> decisions) throws IOException {
    for (StageName stage : redo) {
      context.folder().redo(stage);
    }
    for (Stage stage : STAGES) {
      if (decisions.get(stage.name()) == StageDecision.REWEIGH) {
        context.folder().reweigh(inputs(stage));
      }
    }
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

  private static void refuseOtherReweighing(List<StageName> names, boolean reweighs) {
    if (reweighs && !names.contains(StageName.SCORE)) {
      throw new UserError(
          "Cannot weigh pairs anew: this command runs " + texts(names) + ", and not score.",
          "Use icon score or icon run with --reweigh.");
    }
  }

  private static String texts(List<StageName> names) {
    return names.stream().map(StageName::text).collect(Collectors.joining(", "));
  }

  private static void refuseOtherRedo(List<StageName> names, List<StageName> redo) {
    for (StageName one : redo) {
      if (!names.contains(one)) {
        throw new UserError(
            "Cannot redo stage "
                + one.text()
                + ": this command runs "
                + texts(names)
                + ", and what lies behind it would be lost.",
            "Use icon " + one.text() + " or icon run with --redo " + one.text() + ".");
      }
    }
  }
}
