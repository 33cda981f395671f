package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.doctor.Diagnosis;
import ai.icon.spark.doctor.Finding;
import ai.icon.spark.doctor.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  private static final Diagnosis FINE =
      new Diagnosis(List.of(new Finding("master", Verdict.OK, "local[2]", "")));
  private static final Diagnosis ILL =
      new Diagnosis(List.of(new Finding("disk", Verdict.REFUSED, "full", "Make room.")));

  private final RecordedCommands commands = new RecordedCommands();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int doctor(Diagnosis diagnosis, String... arguments) {
    commands.diagnosis = diagnosis;
    return new IconJob(
            commands,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .execute(arguments);
  }

  @Test
  void aHealthyClusterIsATableAndExitCode0() {
    assertThat(doctor(FINE, "doctor")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ok       master  local[2]\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aRefusalIsExitCode2WithTheTableAndOneMessage() {
    assertThat(doctor(ILL, "doctor")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("refused  disk  full\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("icon: Cannot run: disk: full.\n  Make room.\n");
  }

  @Test
  void jsonIsOneLineWithTheSameExitCode() {
    assertThat(doctor(ILL, "doctor", "--json")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("{\"refused\":1,").hasLineCount(1);
  }

  @Test
  void theOptionsOfARunAreTakenAsTheyAre() {
    int code =
        doctor(
            FINE,
            "doctor",
            "--pool",
            "p",
            "--out",
            "r",
            "--budget",
            "5%",
            "--redo",
            "score",
            "--conf",
            "spark.a=b",
            "--executor-wait",
            "7");
    assertThat(code).isZero();
    assertThat(commands.config.check().executorWaitSeconds()).isEqualTo(7);
    assertThat(commands.options.sparkSettings()).containsEntry("spark.a", "b");
  }
}
