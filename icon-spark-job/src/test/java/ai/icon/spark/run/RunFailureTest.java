package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.error.UserError;
import java.io.IOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** What Spark says of lost executors and failed tasks, told to users. */
class RunFailureTest {
  private static final String ABORTED =
      "Job aborted due to stage failure: Task 3 in stage 5.0 failed 4 times, most recent failure: ";

  @Test
  void executorsLostTooOftenAreNoBug() {
    RunFailure failure =
        RunFailure.of(
            new SparkException(
                ABORTED
                    + "Lost task 3.3 in stage 5.0 (TID 9) (10.0.0.1 executor 7):"
                    + " ExecutorLostFailure (executor 7 exited caused by one of the running tasks)"
                    + " Reason: Command exited with code 137\nDriver stacktrace:"));

    assertThat(failure.exitCode()).isEqualTo(4);
    assertThat(failure.message())
        .startsWith("Cannot go on: Spark lost executors and gave up: Job aborted")
        .contains("Command exited with code 137", "The same command takes it up")
        .doesNotContain("Driver stacktrace");
  }

  @Test
  void aMasterThatGivesTheJobUpIsNoBug() {
    RunFailure failure =
        RunFailure.of(new SparkException("Job aborted: Master removed our application: FAILED"));

    assertThat(failure.exitCode()).isEqualTo(4);
  }

  @Test
  void aTaskThatCannotWriteIsNoBug() {
    RunFailure failure =
        RunFailure.of(
            new SparkException(
                ABORTED + "Lost task", new IOException("Cannot write /x: a worn disk")));

    assertThat(failure.exitCode()).isEqualTo(4);
    assertThat(failure.message())
        .startsWith("Cannot go on: a task could not read or write, 4 times: Cannot write /x");
  }

  @Test
  void aTaskThatFailsOtherwiseIsABug() {
    RunFailure failure =
        RunFailure.of(
            new SparkException(ABORTED + "Lost task", new IllegalStateException("no such row")));

    assertThat(failure.exitCode()).isEqualTo(3);
  }

  @Test
  void whatATaskSaysOfTheUsersInputComesFirst() {
    RunFailure failure =
        RunFailure.of(
            new SparkException(
                ABORTED + "Lost task", new IOException(new UserError("Cannot a", "b"))));

    assertThat(failure.exitCode()).isEqualTo(2);
  }
}
