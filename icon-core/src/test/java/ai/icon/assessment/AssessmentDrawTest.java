package ai.icon.assessment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.assessment.AssessmentDraw.Member;
import ai.icon.assessment.AssessmentDraw.Placed;
import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AssessmentDrawTest {
  private final AssessmentDraw draw = new AssessmentDraw(1);

  @Test
  void seatsFollowTheLargestRemainder() {
    List<Member> members = members(7, 2, 1); // of 4: shares 2.8, 0.8, 0.4

    assertThat(drawnPerGroup(draw.stratified(members, 4))).containsExactly(3, 1, 0);
    assertThat(drawnPerGroup(draw.stratified(members, 10))).containsExactly(7, 2, 1);
  }

  @Test
  void equalRemaindersGoByGroupName() {
    assertThat(drawnPerGroup(draw.stratified(members(2, 2, 2), 4))).containsExactly(2, 1, 1);
  }

  @Test
  void orderOfTheInputChangesNothingAndTheSeedDoes() {
    List<Member> members = members(50, 30);
    List<String> expected = draw.stratified(members, 20);

    Collections.shuffle(members, new Random(9));

    assertThat(draw.stratified(members, 20)).isEqualTo(expected).isSorted();
    assertThat(new AssessmentDraw(2).stratified(members, 20)).isNotEqualTo(expected);
  }

  @Test
  void smallerDrawLiesInsideALargerOneOfOneGroup() {
    List<Member> members = members(40);

    assertThat(draw.stratified(members, 30)).containsAll(draw.stratified(members, 10));
    assertThat(draw.stratified(members, 10))
        .isNotEqualTo(draw.stratified(members, 40).subList(0, 10));
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertThatThrownBy(() -> draw.stratified(members(2, 1), 4))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot draw the assessment set: 4 asked for, 3 available\n"
                + "  Set --assessment-size to at most 3, or give more samples.");
    assertThatThrownBy(() -> draw.stratified(members(2), 0))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Invalid assessment size: must be at least 1, got 0");
    assertThatThrownBy(
            () -> draw.stratified(List.of(new Member("a", "g"), new Member("a", "h")), 1))
        .hasMessage("Invalid draw: ids must be unique");
  }

  @Test
  void nearestToEachCentreIsDrawn() {
    List<Placed> placed =
        List.of(
            new Placed("far", 0, 2),
            new Placed("near", 0, 1),
            new Placed("only", 4, 9),
            new Placed("farther", 0, 3));

    assertThat(draw.clustered(placed, 2)).containsExactly("near", "only");
    assertThat(draw.clustered(placed, 4)).containsExactly("far", "farther", "near", "only");
    assertThat(draw.clustered(placed, 3)).hasSize(3).contains("near", "only");
    assertThatThrownBy(() -> draw.clustered(placed, 1))
        .hasMessage("Invalid draw: at least one a cluster, got 1 for 2");
    assertThatThrownBy(() -> new Placed("x", 0, Double.NaN))
        .hasMessage("Invalid distance of x to its centre: must not be negative, got NaN");
  }

  @Test
  void equalDistancesGoBySeededHash() {
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      placed.add(new Placed("p" + i, 0, 1));
    }
    List<String> expected = draw.clustered(placed, 1);
    Collections.reverse(placed);

    assertThat(draw.clustered(placed, 1)).isEqualTo(expected);
  }

  @Property(tries = 100, seed = "5327")
  void everyGroupGetsItsShareUpToOne(
      @ForAll @IntRange(min = 1, max = 30) int first,
      @ForAll @IntRange(min = 1, max = 30) int second,
      @ForAll @IntRange(min = 1, max = 30) int third,
      @ForAll @IntRange(min = 1, max = 90) int count) {
    int total = first + second + third;
    int asked = Math.min(count, total);

    List<Integer> drawn = drawnPerGroup(draw.stratified(members(first, second, third), asked));

    assertThat(drawn.stream().mapToInt(Integer::intValue).sum()).isEqualTo(asked);
    int[] sizes = {first, second, third};
    for (int i = 0; i < 3; i++) {
      assertThat((double) drawn.get(i))
          .isBetween(
              Math.floor((double) asked * sizes[i] / total),
              Math.ceil((double) asked * sizes[i] / total));
    }
  }

  /** Groups a, b, c with so many members; ids begin with their group. */
  private static List<Member> members(int... sizes) {
    List<Member> members = new ArrayList<>();
    for (int group = 0; group < sizes.length; group++) {
      String name = String.valueOf((char) ('a' + group));
      for (int i = 0; i < sizes[group]; i++) {
        members.add(new Member(name + i, name));
      }
    }
    return members;
  }

  private static List<Integer> drawnPerGroup(List<String> ids) {
    List<Integer> drawn = new ArrayList<>();
    for (char group = 'a'; group <= 'c'; group++) {
      char name = group;
      drawn.add((int) ids.stream().filter(id -> id.charAt(0) == name).count());
    }
    return drawn;
  }
}
