package ai.icon.assessment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssessmentSetTest {

  @Test
  void examplesAreSortedByIdOnce() {
    List<AssessedExample> examples =
        new ArrayList<>(List.of(example("c", "g"), example("a", "h"), example("b", "g")));
    AssessmentSet expected = AssessmentSet.of(examples);
    Collections.reverse(examples);

    assertThat(expected.ids()).containsExactly("a", "b", "c");
    assertThat(AssessmentSet.of(examples).examples()).isEqualTo(expected.examples());
    assertThat(expected.groups()).containsExactly("g", "h");
    assertThat(expected.size()).isEqualTo(3);
  }

  @Test
  void duplicatesAreCountedAndTheFirstGroupByNameStays() {
    AssessedExample late = example("a", "z");
    AssessedExample early = example("a", "b");

    for (List<AssessedExample> order : List.of(List.of(late, early), List.of(early, late))) {
      AssessmentSet set = AssessmentSet.of(order);
      assertThat(set.duplicates()).isEqualTo(1);
      assertThat(set.examples()).containsExactly(early);
    }
  }

  @Test
  void emptySetIsRefused() {
    assertThatThrownBy(() -> AssessmentSet.of(List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot assess: the assessment set has no usable example");
    assertThatThrownBy(() -> new AssessmentSet(List.of(), 0))
        .hasMessage("Invalid assessment set: no example");
  }

  @Test
  void idsThatDoNotAscendAreRefused() {
    assertThatThrownBy(() -> new AssessmentSet(List.of(example("b", "g"), example("a", "g")), 0))
        .hasMessage("Invalid assessment set: ids must ascend, got b before a");
    assertThatThrownBy(() -> new AssessmentSet(List.of(example("a", "g"), example("a", "g")), 0))
        .hasMessage("Invalid assessment set: ids must ascend, got a before a");
  }

  @Test
  void idTellsWhereThePromptEnds() {
    assertThat(AssessedExample.idOf("ab", "c"))
        .matches("[0-9a-f]{32}")
        .isEqualTo(AssessedExample.idOf("ab", "c"))
        .isNotEqualTo(AssessedExample.idOf("a", "bc"));
  }

  @Test
  void exampleNeedsPromptAndResponseTokens() {
    int[] one = {1};
    int[] none = {};
    assertThatThrownBy(() -> new AssessedExample("a", "g", "", "r", none, one, false, false))
        .hasMessage(
            "Invalid assessed example a: prompt and response need at least one token each, got 0"
                + " and 1");
    assertThatThrownBy(() -> new AssessedExample("a", "g", "p", "", one, none, false, false))
        .hasMessageEndingWith("got 1 and 0");
    assertThatThrownBy(() -> new AssessedExample("a", "", "p", "r", one, one, false, false))
        .hasMessageStartingWith("Invalid assessed example: id and group must not be empty");
  }

  @Test
  void idsOfAnExampleCannotBeChangedFromOutside() {
    AssessedExample example = example("a", "g");

    example.promptIds()[0] = 99;
    example.responseIds()[0] = 99;

    assertThat(example.promptIds()).containsExactly(1, 2);
    assertThat(example.responseIds()).containsExactly(3);
    assertThat(example.tokens()).isEqualTo(3);
  }

  private static AssessedExample example(String id, String group) {
    return new AssessedExample(id, group, "p", "r", new int[] {1, 2}, new int[] {3}, false, false);
  }
}
