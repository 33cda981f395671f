package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.spark.config.JobOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobSessionTest {
  private static final String CASE = "spark.sql.caseSensitive";

  private static Map<String, String> settings(Map<String, String> given) {
    return JobSession.settings(
        "run",
        "/runs/a",
        new JobOptions("local[1]", new TreeMap<>(given), List.of(), false, false, false));
  }

  @Test
  void pluginsOfTheUserStandBesideOurs() {
    assertThat(settings(Map.of("spark.plugins", "a.B , c.D")))
        .containsEntry(
            "spark.plugins",
            "a.B,c.D,ai.icon.spark.progress.ProgressPlugin,ai.icon.spark.executor.ModelPlugin");
  }

  @Test
  void columnsDifferByCaseWhateverTheUserSets() {
    assertThat(settings(Map.of())).containsEntry(CASE, "true");
    assertThat(settings(Map.of(CASE, "True"))).containsEntry(CASE, "True");
    assertThatThrownBy(() -> settings(Map.of(CASE, "false")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot run with spark.sql.caseSensitive=false: two columns")
        .hasMessageContaining("--conf spark.sql.caseSensitive=true");
  }
}
