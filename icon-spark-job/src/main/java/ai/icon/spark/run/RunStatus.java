package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * How a run stands: {@code _icon/status.json}, for those who wait outside. A spark-submit that
 * exits with 0 proves nothing in cluster mode; this file does.
 *
 * @param state of the run
 * @param stage the stage it is in or was in last; empty before the first
 * @param exitCode of the process; -1 while it runs
 * @param message what to tell a person; empty if nothing
 * @param started when the run began, ISO-8601 in UTC
 * @param updated when this was written, ISO-8601 in UTC
 * @param attempt the id that was given to this attempt at the run; empty if none was
 */
public record RunStatus(
    State state,
    String stage,
    int exitCode,
    String message,
    String started,
    String updated,
    String attempt) {
  private static final int NONE_YET = -1;

  /** The three states. */
  public enum State {
    /** It runs, or was killed: {@link RunWatch} tells which. */
    RUNNING,
    /** It ended and its output is whole. */
    SUCCEEDED,
    /** It ended with an error. */
    FAILED;

    /** The name in files: lower case. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** Checks that state and exit code agree and the times can be read. */
  public RunStatus {
    requireNonNull(stage, "stage");
    requireNonNull(message, "message");
    attempt = attempt == null ? "" : attempt; // files of earlier versions have none
    boolean agree =
        switch (state) {
          case RUNNING -> exitCode == NONE_YET;
          case SUCCEEDED -> exitCode == 0;
          case FAILED -> exitCode > 0;
        };
    if (!agree) {
      throw new IllegalArgumentException(
          "Invalid status: a run that is " + state.text() + " has no exit code " + exitCode);
    }
    if (Instant.parse(updated).isBefore(Instant.parse(started))) {
      throw new IllegalArgumentException(
          "Invalid status: updated " + updated + " is before started " + started);
    }
  }

  /** A run that begins. */
  public static RunStatus begun(Instant now) {
    return begun(now, "");
  }

  /** A run that begins, by an attempt of that id. */
  public static RunStatus begun(Instant now, String attempt) {
    return new RunStatus(State.RUNNING, "", NONE_YET, "", now.toString(), now.toString(), attempt);
  }

  /** The same run, in a stage. */
  public RunStatus in(StageName newStage, Instant now) {
    return new RunStatus(
        State.RUNNING, newStage.text(), NONE_YET, "", started, now.toString(), attempt);
  }

  /** The same run, done. */
  public RunStatus succeeded(Instant now) {
    return new RunStatus(State.SUCCEEDED, stage, 0, "", started, now.toString(), attempt);
  }

  /**
   * The same run, stopped by an error.
   *
   * @param code the process's exit code, above 0
   */
  public RunStatus failed(int code, String why, Instant now) {
    return new RunStatus(State.FAILED, stage, code, why, started, now.toString(), attempt);
  }
}
