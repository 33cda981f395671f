package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.doctor.Diagnosis;
import ai.icon.spark.doctor.Doctor;
import ai.icon.spark.doctor.Finding;
import ai.icon.spark.doctor.Verdict;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Opens a session, with the doctor's checks before and, on a cluster, inside of it. */
final class CheckedSession {
  private final RunConfig config;
  private final JobOptions options;
  private final Map<String, String> settings;
  private final PrintStream messages;

  /**
   * @param settings all that the session is opened with, but the master
   * @param messages gets warnings and, in a dry run, all findings
   */
  CheckedSession(
      RunConfig config, JobOptions options, Map<String, String> settings, PrintStream messages) {
    this.config = config;
    this.options = options;
    this.settings = settings;
    this.messages = messages;
  }

  /**
   * A session fit for some stages.
   *
   * @throws ai.icon.error.UserError naming all that is refused; no session is then left open
   */
  SparkSession open(List<StageName> stages) {
    if (!config.check().doctor()) {
      return plain();
    }
    Doctor doctor = Doctor.of(config, options.master(), settings, stages);
    tell(doctor.before());
    SparkSession spark = plain();
    if (doctor.hasExecutors()) {
      try {
        tell(doctor.inside(spark));
      } catch (RuntimeException | Error e) {
        spark.close();
        throw e;
      }
    }
    return spark;
  }

  /** All checks, without refusing anything. */
  Diagnosis diagnosis() {
    Doctor doctor = Doctor.of(config, options.master(), settings, EnumSet.allOf(StageName.class));
    Diagnosis before = doctor.before();
    if (before.isRefused()) {
      return before;
    }
    try (SparkSession spark = plain()) {
      return before.and(doctor.inside(spark));
    }
  }

  private void tell(Diagnosis diagnosis) {
    if (options.dryRun()) {
      diagnosis.lines().forEach(messages::println);
    } else {
      for (Finding warning : diagnosis.of(Verdict.WARNING)) {
        messages.println(
            "warning: " + warning.check() + ": " + warning.found() + "; " + warning.cure());
      }
    }
    diagnosis.requireNoRefusal();
  }

  private SparkSession plain() {
    SparkSession.Builder builder = SparkSession.builder().master(options.master());
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }
}
