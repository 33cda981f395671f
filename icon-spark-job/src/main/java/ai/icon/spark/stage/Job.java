package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.selection.GroupBudget;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.progress.ScoringProgress;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunStatus;
import ai.icon.spark.run.StageDecision;
import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.source.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Runs stages over a run folder: what is complete and of the same inputs is skipped, what was begun
 * is gone on with, what was made with other inputs is refused. Starts and stops no session.
 */
public final class Job {
  private final SparkSession spark;
  private final RunConfig config;
  private final PrintStream messages;
  private final StageContexts contexts;
  private final boolean reweighs;

  /**
   * @param spark the caller's
   * @param config what is to be done
   * @param messages gets a line a stage, and the progress
   */
  public Job(SparkSession spark, RunConfig config, PrintStream messages) {
    this(spark, config, messages, false);
  }

  private Job(SparkSession spark, RunConfig config, PrintStream messages, boolean reweighs) {
    this.reweighs = reweighs;
    this.spark = spark;
    this.config = config;
    this.messages = messages;
    this.contexts = new StageContexts(spark, config);
  }

  /**
   * The same, but where nothing but the weights of the groups differs from those that a run was
   * scored under, its pairs are weighed anew and the stages behind them run again.
   */
  public Job reweighing() {
    return new Job(spark, config, messages, true);
  }

  /** The run folder of the config; made if it is not there. */
  public RunFolder folder() {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return RunFolder.create(config.out(), hadoop);
  }

  /**
   * Runs stages and writes the manifest.
   *
   * @param stages which, in the order of the data
   * @param redo stages whose output, and all behind it, is thrown away first
   * @return the records of all stages that are complete now
   * @throws UserError if an input or setting is wrong, or output was made from others
   */
  public List<StageRecord> run(List<StageName> stages, List<StageName> redo) throws IOException {
    return attempt(attempt -> run(attempt, stages, redo));
  }

  /**
   * Ranks and cuts samples by what another run has measured and learnt, although that never saw
   * them: reads the pool, takes the other's stages over and runs {@link StageName#RANK} and {@link
   * StageName#SELECT}, all as one attempt.
   *
   * @param fitted a run whose stages up to {@link StageName#TRAIN} are complete
   * @param redo as for {@link #run}
   * @return the records of all stages
   * @throws UserError if they are not complete, or this folder was made from another run
   */
  public List<StageRecord> apply(RunFolder fitted, List<StageName> redo) throws IOException {
    return attempt(
        attempt -> {
          try (ScoringProgress progress = ScoringProgress.onStandardError()) {
            new AdoptedStages(contexts.of(attempt.folder(), progress), fitted).check();
          }
          run(attempt, List.of(StageName.INGEST), List.of());
          try (ScoringProgress progress = ScoringProgress.onStandardError()) {
            new AdoptedStages(contexts.of(attempt.folder(), progress), fitted).complete();
          }
          return run(attempt, List.of(StageName.RANK, StageName.SELECT), redo);
        });
  }

  /** What is done under one lease. */
  @FunctionalInterface
  private interface Work {
    List<StageRecord> in(RunAttempt attempt) throws IOException;
  }

  private List<StageRecord> attempt(Work work) throws IOException {
    try (RunAttempt attempt = RunAttempt.begin(spark, folder(), messages)) {
      try {
        List<StageRecord> records = work.in(attempt);
        attempt.succeeded();
        return records;
      } catch (Exception | Error e) { // Spark's own are checked, but not declared.
        attempt.failed(e);
        throw e;
      }
    }
  }

  private List<StageRecord> run(RunAttempt attempt, List<StageName> stages, List<StageName> redo)
      throws IOException {
    RunFolder folder = attempt.folder();
    try (ScoringProgress progress = ScoringProgress.onStandardError()) {
      StageContext context = contexts.of(folder, progress);
      StagePlan plan = new StagePlan(context);
      Map<StageName, StageDecision> decisions = plan.decide(stages, redo, reweighs);
      SavedTables tables = new SavedTables(context);
      tables.check(stages);
      attempt.begun(config); // before outputs go: a status of yesterday must not vouch for them
      plan.clear(redo, decisions);
      for (Stage stage : StagePlan.stages(stages)) {
        runStage(stage, context, plan.inputs(stage));
        tables.save(stage.name()).forEach(line -> messages.println(line(stage.name(), line)));
        if (stage.name() == StageName.ASSESS && stages.contains(StageName.SELECT)) {
          checkAgainstPool(context);
        }
      }
      List<StageRecord> records = records(folder);
      RunManifest.write(context, records);
      return records;
    }
  }

  /** What the pool is too small or too large for is refused as soon as it is counted. */
  private static void checkAgainstPool(StageContext context) throws IOException {
    Budget budget = context.config().selection().budget();
    if (budget instanceof Budget.Tokens tokens) {
      tokens.within(context.count(StageName.ASSESS, AssessStage.POOL_TOKENS));
      return;
    }
    long selected =
        budget instanceof Budget.ByGroup byGroup
            ? new PoolGroups(context)
                .held(byGroup).values().stream().mapToLong(GroupBudget::leastSamples).sum()
            : ((Budget.OfSamples) budget).samples(context.count(StageName.ASSESS, "pool"));
    int candidates = context.config().score().candidates();
    boolean predicts = context.config().selector().kind().trained().isPresent();
    if (!predicts && candidates < selected) {
      throw new UserError(
          "Cannot select "
              + selected
              + " samples with --selector none: only "
              + candidates
              + " candidates would be scored, and nothing would be known of the others.",
          "Use --candidates all, a smaller --budget, or --selector probe or ngram.");
    }
  }

  /**
   * What {@link #run} would do, a line each; reads headers, the assessment file and tables, and
   * makes and changes nothing.
   *
   * @throws UserError as {@link #run}, where that can be known before the work
   */
  public List<String> plan(List<StageName> stages, List<StageName> redo) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    RunFolder folder = RunFolder.planned(config.out(), hadoop);
    List<String> lines = new ArrayList<>();
    try (ScoringProgress progress = ScoringProgress.onStandardError()) {
      StageContext context = contexts.of(folder, progress);
      if (!config.model().path().isEmpty()) {
        lines.add("model     " + contexts.summary().describe(config.model().dtype()));
      }
      for (Source source : context.sources().pool(config.pool())) {
        lines.add("pool      " + context.sources().identity(source));
      }
      String assessed = config.assessment().source();
      lines.add("assessed  " + (assessed.isEmpty() ? "drawn from the pool" : assessed));
      lines.add("budget    " + config.selection().budget().text());
      new StagePlan(context)
          .decide(stages, redo, reweighs)
          .forEach(
              (stage, decision) ->
                  lines.add(String.format(Locale.ROOT, "%-9s %s", stage.text(), word(decision))));
      new SavedTables(context).check(stages);
    }
    return lines;
  }

  private static String word(StageDecision decision) {
    return switch (decision) {
      case NEW -> "would run";
      case RESUME -> "would go on";
      case REWEIGH -> "would weigh its pairs anew";
      case COMPLETE -> "is complete";
    };
  }

  private void runStage(Stage stage, StageContext context, StageInputs inputs) throws IOException {
    RunFolder folder = context.folder();
    StageDecision decision = folder.decide(stage.name(), inputs);
    if (decision == StageDecision.COMPLETE) {
      messages.println(line(stage.name(), "complete, skipped"));
      return;
    }
    messages.println(line(stage.name(), doing(decision)));
    Optional<RunStatus> status = folder.status();
    if (status.isPresent()) {
      folder.status(status.get().in(stage.name(), Instant.now()));
    }
    long begun = System.nanoTime();
    folder.begin(stage.name(), inputs);
    StageOutcome outcome = described(stage, context);
    double seconds = (System.nanoTime() - begun) / 1e9;
    folder.complete(
        StageRecord.of(
            stage.name(), inputs, seconds, outcome.tokens(), outcome.counts(), outcome.figures()));
  }

  private static String doing(StageDecision decision) {
    return switch (decision) {
      case RESUME -> "going on";
      case REWEIGH -> "weighing its pairs anew";
      default -> "running";
    };
  }

  /** The session is the caller's: the name of its jobs is left as it was, whatever happens. */
  private static StageOutcome described(Stage stage, StageContext context) throws IOException {
    String before = context.java().getLocalProperty(StageContext.DESCRIPTION);
    context.describe(stage.name().text());
    try {
      return stage.run(context);
    } finally {
      context.java().setLocalProperty(StageContext.DESCRIPTION, before);
    }
  }

  private static String line(StageName stage, String word) {
    return String.format(Locale.ROOT, "%-7s %s", stage.text(), word);
  }

  private static List<StageRecord> records(RunFolder folder) throws IOException {
    List<StageRecord> records = new ArrayList<>();
    for (StageName stage : StageName.values()) {
      folder.record(stage).ifPresent(records::add);
    }
    return records;
  }

  /** Where the table of the last of some stages lies. */
  public static Path output(RunFolder folder, List<StageName> stages) {
    return switch (stages.get(stages.size() - 1)) {
      case INGEST -> folder.table(Table.REJECTS).getParent();
      case ASSESS -> folder.table(Table.POOL);
      case SCORE -> folder.table(Table.CONTRIBUTIONS);
      case TRAIN -> folder.selector();
      case RANK -> folder.table(Table.RANKING);
      case SELECT -> folder.table(Table.SELECTION);
    };
  }
}
