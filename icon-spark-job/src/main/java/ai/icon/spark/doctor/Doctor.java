package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Finds what would make a run hang, die or go wrong: first what can be known without a session, in
 * milliseconds, then what only executors know, by one small job.
 */
public final class Doctor {
  private static final List<Function<ClusterFacts, Finding>> BEFORE =
      List.of(
          MasterChecks::form,
          MasterChecks::gpusOnLocalMaster,
          MasterChecks::reached,
          PlatformChecks::java,
          PlatformChecks::spark,
          GpuChecks::cores,
          GpuChecks::amounts,
          GpuChecks::slots,
          MemoryChecks::driverHeap,
          MemoryChecks::executorHeap,
          MemoryChecks::overhead,
          MemoryChecks::machine,
          PlatformChecks::allocation,
          PlatformChecks::speculation,
          PlatformChecks::plugins,
          FolderChecks::model,
          FolderChecks::out);

  private static final List<Function<SessionFacts, Finding>> INSIDE =
      List.of(
          ExecutorChecks::seen,
          ExecutorChecks::java,
          ExecutorChecks::model,
          ExecutorChecks::out,
          ExecutorChecks::disk,
          ExecutorChecks::loads,
          ExecutorChecks::memory,
          DeviceChecks::flavour,
          DeviceChecks::addresses);

  private static final ModelSource NO_MODEL = new ModelSource("", "", new TreeMap<>());

  private final RunConfig config;
  private final ClusterFacts facts;

  private Doctor(RunConfig config, ClusterFacts facts) {
    this.config = requireNonNull(config, "config");
    this.facts = facts;
  }

  /**
   * Gathers what the driver knows; opens no session.
   *
   * @param config what is to be done
   * @param master the Spark master, such as {@code local[*]}
   * @param sparkSettings of the session to come; those of spark-submit lie under them
   * @param stages that are to be run
   */
  public static Doctor of(
      RunConfig config,
      String master,
      Map<String, String> sparkSettings,
      Collection<StageName> stages) {
    Configuration hadoop = HadoopSettings.ofProcess(sparkSettings);
    SparkMaster parsed = SparkMaster.of(master);
    SparkSettings spark = SparkSettings.over(sparkSettings);
    return new Doctor(
        config,
        new ClusterFacts(
            parsed,
            spark,
            DriverFacts.here(),
            ModelFacts.of(config, ModelSource.of(config.model(), hadoop), spark),
            ModelUse.of(config, stages),
            config.score().candidates(),
            FolderFacts.of(config.out(), hadoop),
            StandaloneMasters.silent(parsed)));
  }

  /** What can be said before a session is opened. */
  public Diagnosis before() {
    return new Diagnosis(BEFORE.stream().map(check -> safely(check, facts)).distinct().toList());
  }

  /** A setting that cannot be read is refused by whichever check reads it. */
  static Finding safely(Function<ClusterFacts, Finding> check, ClusterFacts facts) {
    try {
      return check.apply(facts);
    } catch (UserError e) {
      return Finding.refused("Spark settings", e);
    }
  }

  /** Whether executors are processes of their own, on machines that the driver does not see. */
  public boolean hasExecutors() {
    return !facts.master().isLocal();
  }

  /**
   * Asks the executors, which load libtorch where a stage runs the model. Writes small files into
   * the run folder and takes them away.
   *
   * @param spark an open session; left open
   */
  public Diagnosis inside(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Configuration hadoop = context.hadoopConfiguration();
    String out = config.out();
    FolderToken token =
        out.isEmpty() || !hasExecutors() ? FolderToken.none(hadoop) : FolderToken.in(out, hadoop);
    ExecutorProbe probe =
        new ExecutorProbe(context, facts, Duration.ofSeconds(config.check().executorWaitSeconds()));
    boolean hasModel = facts.model().isGiven() && facts.model().problem().isEmpty();
    ModelSource model = hasModel ? ModelSource.of(config.model(), hadoop) : NO_MODEL;
    try {
      List<ExecutorFacts> executors =
          token.laidOut(
              laid ->
                  probe.ask(new ProbeTask(model, facts.use().forwards(), laid)).stream()
                      .map(ExecutorFacts::of)
                      .toList());
      String fingerprint = hasModel ? ModelSummary.of(model).fingerprint() : "";
      SessionFacts session = new SessionFacts(facts, fingerprint, executors);
      return new Diagnosis(INSIDE.stream().map(check -> check.apply(session)).toList());
    } catch (UserError e) {
      return new Diagnosis(List.of(Finding.refused("executors", e)));
    } catch (IOException e) {
      return new Diagnosis(
          List.of(
              Finding.refused(
                  "run folder",
                  "Cannot write to " + out + ": " + e,
                  "Name an --out that the driver may write.")));
    }
  }
}
