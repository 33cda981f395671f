package ai.icon.spark.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final Finding OK = Finding.ok("master", "local[2]");
  private static final Finding WARNING = Finding.warning("slots", "idle", "Use them.");
  private static final Finding REFUSED = Finding.refused("disk", "full", "Make room.");

  @Test
  void noRefusalLetsARunBegin() {
    new Diagnosis(List.of(OK, WARNING)).requireNoRefusal();
    assertThat(new Diagnosis(List.of(OK, WARNING)).isRefused()).isFalse();
  }

  @Test
  void oneRefusalIsOneMessage() {
    assertThatThrownBy(() -> new Diagnosis(List.of(OK, REFUSED)).requireNoRefusal())
        .isInstanceOf(UserError.class)
        .hasMessage("Cannot run: disk: full.\n  Make room.");
  }

  @Test
  void everyRefusalIsNamedInOneMessage() {
    Finding other = Finding.refused("model", "Cannot open m: none", "Put it there.");
    assertThatThrownBy(() -> new Diagnosis(List.of(REFUSED, WARNING, other)).requireNoRefusal())
        .isInstanceOf(UserError.class)
        .hasMessage(
            """
            Cannot run, for 2 reasons:
              - disk: full.
                Make room.
              - model: Cannot open m: none.
                Put it there.
              icon doctor shows all checks, with the same options.\
            """);
  }

  @Test
  void theTableHasALineACheckAndTheCureBelow() {
    assertThat(new Diagnosis(List.of(OK, WARNING, REFUSED)).lines())
        .containsExactly(
            "ok       master  local[2]",
            "warning  slots   idle",
            "                 Use them.",
            "refused  disk    full",
            "                 Make room.");
  }

  @Test
  void theJsonCountsAndLists() {
    assertThat(new Diagnosis(List.of(OK)).and(new Diagnosis(List.of(REFUSED))).json())
        .isEqualTo(
            "{\"refused\":1,\"warnings\":0,\"checks\":["
                + "{\"check\":\"master\",\"verdict\":\"ok\",\"found\":\"local[2]\",\"cure\":\"\"},"
                + "{\"check\":\"disk\",\"verdict\":\"refused\",\"found\":\"full\","
                + "\"cure\":\"Make room.\"}]}");
  }

  @Test
  void whatIsWrongMustHaveACure() {
    assertThatThrownBy(() -> Finding.warning("slots", "idle", ""))
        .hasMessageContaining("must have a cure");
  }
}
