package ai.icon.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupBudgetTest {
  @ParameterizedTest
  @CsvSource({
    "15%, 15, 0, 15",
    "99, 99, 0, 99",
    "100, 100, 0, 100",
    "130, 100, 30, 100",
    "900tokens, 900, 0, 0",
    "1100tokens, 1000, 100, 0"
  })
  void aBudgetAboveItsGroupTakesItWholeAndFallsShort(
      String budget, long wanted, long shortfall, long leastSamples) {
    GroupBudget held = GroupBudget.of("cot", (Budget.Whole) Budget.parse(budget), 100, 1000);
    assertThat(held.wanted()).isEqualTo(wanted);
    assertThat(held.shortfall()).isEqualTo(shortfall);
    assertThat(held.leastSamples()).isEqualTo(leastSamples);
  }

  @Test
  void aShareOfNoSampleNamesTheGroup() {
    assertThatThrownBy(() -> GroupBudget.of("cot", (Budget.Whole) Budget.parse("1%"), 99, 1000))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot select from group cot: 1% of 99 samples is no sample\n");
  }

  @ParameterizedTest
  @CsvSource({"50%, 0.05", "10, 0.01", "1000, 0.1", "500tokens, 0.05"})
  void theShareOfThePoolIsThatOfTheGroupTimesItsSize(String budget, double share) {
    GroupBudget held = GroupBudget.of("cot", (Budget.Whole) Budget.parse(budget), 100, 1000);
    assertThat(held.shareOf(1000)).isEqualTo(share);
  }
}
