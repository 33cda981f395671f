package ai.icon.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  @ParameterizedTest
  @CsvSource({
    "15%, 200, 30",
    "15%, 199, 29",
    "15%, 9000, 1350",
    "12.5%, 8, 1",
    "29%, 100, 29",
    "0.1%, 1000, 1",
    "100%, 7, 7",
    "5000, 5000, 5000",
    "1, 3, 1"
  })
  void samplesAreTheExactFloor(String text, long pool, long samples) {
    assertThat(((Budget.OfSamples) Budget.parse(text)).samples(pool)).isEqualTo(samples);
  }

  @Test
  void tokensAreReadAsTokens() {
    assertThat(Budget.parse("2000000tokens")).isEqualTo(new Budget.Tokens(2_000_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"15%", "12.5%", "100%", "5000", "2000000tokens", "group:a b=1%,cot=500"})
  void textIsReadBack(String text) {
    assertThat(Budget.parse(text).text()).isEqualTo(text);
  }

  @Test
  void equalSharesAreEqual() {
    assertThat(Budget.parse("15.0%")).isEqualTo(new Budget.Share(new BigDecimal("0.15")));
  }

  @ParameterizedTest
  @CsvSource({
    "0, must be above 0",
    "0%, must be above 0",
    "0.00%, must be above 0",
    "0tokens, must be above 0",
    "100.1%, must be at most 100%",
    "0.15, must be whole",
    "99999999999999999999, must be at most 9223372036854775807",
    "-5, must be a share",
    "-5%, must be a share",
    "5k, must be a share",
    "5_000, must be a share",
    "abc, must be a share",
    "'', must be a share",
    "15 %, must be a share",
    "1e3, must be a share",
    "NaN, must be a share",
    "group:, must give each group its budget as name=amount",
    "group:cot, must give each group its budget as name=amount",
    "'group:cot=5,', must give each group its budget as name=amount",
    "group:=5, must give each group its budget as name=amount",
    "'group:cot=5,cot=6', must name group cot once"
  })
  void whatIsNoBudgetIsRefused(String text, String rule) {
    assertThatThrownBy(() -> Budget.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(rule)
        .hasMessageContaining("got '" + text + "'")
        .hasMessageContaining("Write a share like 15%");
  }

  @Test
  void groupsAreReadEachWithItsBudget() {
    Budget.ByGroup budget = (Budget.ByGroup) Budget.parse("group:niv=10%, cot=500,a=b=7tokens");
    assertThat(budget.budgets())
        .containsExactly(
            Map.entry("a=b", new Budget.Tokens(7)),
            Map.entry("cot", new Budget.Count(500)),
            Map.entry("niv", new Budget.Share(new BigDecimal("0.1"))));
    assertThat(budget.text()).isEqualTo("group:a=b=7tokens,cot=500,niv=10%");
  }

  @Test
  void aGroupWithoutAmountIsRefusedAsTheAmountWouldBe() {
    assertThatThrownBy(() -> Budget.parse("group:cot=500,niv=110%"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Invalid budget: must be at most 100%, got '110%'\n");
    assertThatThrownBy(() -> new Budget.ByGroup(new TreeMap<>()))
        .hasMessage("Invalid budget by group: at least one group is needed");
  }

  @Test
  void shareOfNoSampleIsRefused() {
    assertThatThrownBy(() -> ((Budget.OfSamples) Budget.parse("15%")).samples(6))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot select: a budget of 15% of 6 samples is no sample");
  }

  @Test
  void countAboveThePoolIsRefusedWithBothNumbers() {
    assertThatThrownBy(() -> ((Budget.OfSamples) Budget.parse("5000")).samples(4999))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the budget of 5000 samples is above the pool of 4999");
  }

  @Test
  void tokensAboveThePoolAreRefusedWithBothNumbers() {
    Budget.Tokens budget = new Budget.Tokens(10);
    assertThat(budget.within(10)).isEqualTo(10);
    assertThatThrownBy(() -> budget.within(9))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the budget of 10 tokens is above the pool of 9 tokens");
  }

  @Test
  void recordsRefuseWhatIsNotPositive() {
    assertThatThrownBy(() -> new Budget.Share(BigDecimal.ZERO))
        .hasMessage("Invalid share: must be above 0 and at most 1, got 0");
    assertThatThrownBy(() -> new Budget.Count(0))
        .hasMessage("Invalid count: must be at least 1, got 0");
    assertThatThrownBy(() -> new Budget.Tokens(-1))
        .hasMessage("Invalid tokens: must be at least 1, got -1");
  }
}
