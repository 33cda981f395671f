package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorCoresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local[2]|16",
        "local[*]|16",
        "local|16",
        "local-cluster[2,3,1024]|3",
        "local-cluster[2, 3, 1024]|3",
        "yarn|4",
        "k8s://https://host|4",
        "spark://host:7077|4"
      })
  void coresAreThoseOfOneExecutor(String master, int cores) {
    assertThat(ExecutorCores.of(master, 4, 16)).isEqualTo(cores);
  }

  @Test
  void aStandaloneExecutorKnowsItsCoresFromItsCommandLine() {
    String command =
        "org.apache.spark.executor.CoarseGrainedExecutorBackend --driver-url"
            + " spark://CoarseGrainedScheduler@h:1 --executor-id 0 --hostname h --cores 6 --app-id"
            + " a";

    assertThat(ExecutorCores.ofCommand(command, 16)).isEqualTo(6);
    assertThat(ExecutorCores.ofCommand("other.Main", 16)).isEqualTo(16);
  }
}
