package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run really stands, for those who wait outside: what its status file says, held against its
 * driver's signs of life.
 *
 * @param verdict the state
 * @param exitCode what {@code icon status --exit-code} ends with
 * @param run the folder
 * @param stage the stage it is in or was in last; empty before the first
 * @param message what stopped it; empty if nothing did
 * @param started when the last attempt began, ISO-8601 in UTC; empty if it is not known
 * @param updated when its driver was last heard of, by the driver's clock; empty if never
 * @param driver who drives it or drove it last; empty if that is not known
 */
public record RunView(
    Verdict verdict,
    int exitCode,
    String run,
    String stage,
    String message,
    String started,
    String updated,
    String driver) {

  /** The states, with the exit codes that tell them. */
  public enum Verdict {
    /** It ended and its output is whole. */
    SUCCEEDED(0),
    /** It ended with an error; the code is the run's own, 1 to 4. */
    FAILED(3),
    /** A driver is at it. */
    RUNNING(5),
    /** It was begun, has not ended, and nobody drives it: killed. The same command takes it up. */
    DEAD(6),
    /** Nothing is known: no driver has come as far as the run folder. */
    UNKNOWN(7);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }

    /** The exit code; of {@link #FAILED} the run's own comes before it. */
    public int code() {
      return code;
    }

    /** The name in JSON: lower case. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks that nothing is missing. */
  public RunView {
    requireNonNull(verdict, "verdict");
    requireNonNull(run, "run");
    requireNonNull(stage, "stage");
    requireNonNull(message, "message");
    requireNonNull(started, "started");
    requireNonNull(updated, "updated");
    requireNonNull(driver, "driver");
  }

  /** Nothing is known of a run. */
  static RunView unknown(String run) {
    return new RunView(Verdict.UNKNOWN, Verdict.UNKNOWN.code(), run, "", "", "", "", "");
  }

  /**
   * What files say.
   *
   * @param isHeld whether the lease's driver lives
   */
  static RunView of(String run, Optional<RunStatus> status, Optional<Lease> lease, boolean isHeld) {
    if (status.isEmpty() && lease.isEmpty()) {
      return unknown(run);
    }
    Verdict verdict = verdict(status, isHeld);
    boolean isFailed = verdict == Verdict.FAILED;
    return new RunView(
        verdict,
        isFailed ? status.orElseThrow().exitCode() : verdict.code(),
        run,
        status.map(RunStatus::stage).orElse(""),
        isFailed ? status.orElseThrow().message() : "",
        status.map(RunStatus::started).orElse(""),
        later(status.map(RunStatus::updated).orElse(""), lease.map(Lease::updated).orElse("")),
        lease.map(Lease::holder).orElse(""));
  }

  private static Verdict verdict(Optional<RunStatus> status, boolean isHeld) {
    if (isHeld) {
      return Verdict.RUNNING; // whatever an earlier attempt came to
    }
    return status
        .map(
            one ->
                switch (one.state()) {
                  case RUNNING -> Verdict.DEAD;
                  case SUCCEEDED -> Verdict.SUCCEEDED;
                  case FAILED -> Verdict.FAILED;
                })
        .orElse(Verdict.UNKNOWN);
  }

  /** Whether there is no more to wait for. */
  public boolean isEnded() {
    return verdict != Verdict.RUNNING && verdict != Verdict.UNKNOWN;
  }

  /** One line for people. */
  public String text() {
    String in = stage.isEmpty() ? "" : " in stage " + stage;
    String by = driver.isEmpty() ? "" : ", " + driver;
    return switch (verdict) {
      case SUCCEEDED -> "succeeded at " + updated;
      case FAILED -> "failed" + in + " with exit code " + exitCode + ": " + message;
      case RUNNING -> "running" + in + ", last heard of " + updated + by;
      case DEAD -> "killed" + in + ", last heard of " + updated + by;
      case UNKNOWN -> "never run";
    };
  }

  /** One line of JSON with the components as keys. */
  public String json() throws IOException {
    return new String(JsonFile.line(this), StandardCharsets.UTF_8);
  }

  private static String later(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one + other;
    }
    return Instant.parse(one).isAfter(Instant.parse(other)) ? one : other;
  }
}
