package ai.icon.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ColumnsParserTest {
  @Test
  void namesOfTheRowItselfInItsOrder() {
    assertThat(names("{\"b\": {\"inner\": 1}, \"a\": [{\"deep\": 2}], \"c\": null}"))
        .containsExactly("b", "a", "c");
  }

  @Test
  void aBrokenRowHasTheNamesBeforeItsFault() {
    assertThat(names("{\"a\": 1, \"b\": \"cut")).containsExactly("a", "b");
    assertThat(names("no json")).isEmpty();
    assertThat(names("[{\"a\": 1}]")).isEmpty();
    assertThat(names("")).isEmpty();
  }

  @Test
  void aRejectedRowHasItsNames() {
    Reject reject = new Reject("f", 3, RejectReason.MISSING_FIELD, "m", "{\"a\": 1}");

    assertThat(new ColumnsParser().rejected(reject)).containsExactly("a");
  }

  private static Set<String> names(String json) {
    return new ColumnsParser().parse("f", 1, json);
  }
}
