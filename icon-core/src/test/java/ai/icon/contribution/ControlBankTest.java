package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.prompt.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControlBankTest {
  private static final LengthBuckets BUCKETS = new LengthBuckets(2040);
  private static final int[] TOKENS = IntStream.range(100, 150).toArray();

  @Test
  void bucketsGrowByAQuarterRoundedUp() {
    assertThat(new LengthBuckets(40).all())
        .containsExactly(1, 2, 3, 4, 5, 7, 9, 12, 15, 19, 24, 30, 38, 40);
    assertThat(new LengthBuckets(38).all()).endsWith(30, 38);
    assertThat(new LengthBuckets(1).all()).containsExactly(1);
  }

  @Test
  void lastBucketIsTheLongestDemonstration() {
    assertThat(BUCKETS.ceiling(2040)).isEqualTo(2040);
    assertThat(BUCKETS.contains(2040)).isTrue();
    assertThatThrownBy(() -> BUCKETS.floor(2041))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid demonstration length: must be in [1, 2040] tokens, got 2041");
    assertThatThrownBy(() -> BUCKETS.ceiling(0))
        .hasMessage("Invalid demonstration length: must be in [1, 2040] tokens, got 0");
    assertThatThrownBy(() -> new LengthBuckets(0))
        .hasMessage("Invalid longest demonstration: must be at least 1 token, got 0");
  }

  @Test
  void onlyTheBucketsBesideALengthAreDrawnThriceEach() {
    List<ControlDraw> draws = bank(1).drawsFor(List.of(10, 7, 10));

    assertThat(draws).extracting(ControlDraw::bucket).containsExactly(7, 7, 7, 9, 9, 9, 12, 12, 12);
    assertThat(draws).extracting(ControlDraw::draw).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    assertThat(draws).allSatisfy(draw -> assertThat(draw.ids()).hasSize(draw.bucket()));
  }

  @Test
  void drawDependsOnSeedBucketAndNumberAndNotOnTheLengthsAskedFor() {
    List<ControlDraw> few = bank(1).drawsFor(List.of(30));
    List<ControlDraw> many = bank(1).drawsFor(List.of(1, 29, 30, 1000));

    for (ControlDraw draw : few) {
      assertThat(many)
          .filteredOn(other -> other.bucket() == draw.bucket() && other.draw() == draw.draw())
          .singleElement()
          .satisfies(other -> assertThat(other.ids()).containsExactly(draw.ids()));
    }
    assertThat(few.get(0).ids()).isNotEqualTo(few.get(1).ids());
    assertThat(bank(2).drawsFor(List.of(30)).get(0).ids()).isNotEqualTo(few.get(0).ids());
    ControlDraw shorter = bank(1).drawsFor(List.of(24)).get(0);
    assertThat(Arrays.copyOf(few.get(0).ids(), 24)).isNotEqualTo(shorter.ids());
  }

  @Test
  void drawsAreSpreadOverAllTokensAndNoOther() {
    int[] drawn = bank(1).drawsFor(List.of(2040)).get(0).ids();

    assertThat(IntStream.of(drawn).distinct().sorted().toArray()).containsExactly(TOKENS);
  }

  @Test
  void markersLineBreaksOtherScriptsAndEmptyTokensAreNotDrawnFrom() {
    int[] tokens = ControlBank.printableTokens(new LetterTokenizer(true));

    // The 95 characters and "the".
    assertThat(tokens).hasSize(96).startsWith(0, 1, 2).endsWith(93, 94, 101);
  }

  @Test
  void bosIsNotDrawnFromHoweverItIsWritten() {
    Tokenizer plainBos = new TwoWords(OptionalInt.of(0));

    assertThat(ControlBank.printableTokens(plainBos)).containsExactly(1);
  }

  @Test
  void tokenizerWithoutPrintableTokensIsRefused() {
    Tokenizer none =
        new Tokenizer() {
          @Override
          public int[] encode(String text) {
            return new int[0];
          }

          @Override
          public String decode(int[] ids) {
            return "é";
          }

          @Override
          public OptionalInt bos() {
            return OptionalInt.empty();
          }

          @Override
          public int size() {
            return 4;
          }
        };

    assertThatThrownBy(() -> ControlBank.printableTokens(none))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Cannot draw controls: none of the tokenizer's 4 tokens decodes to printable ASCII");
    assertThatThrownBy(() -> new ControlBank(BUCKETS, new int[0], 1))
        .hasMessage("Invalid control bank: no token to draw from");
  }

  @Test
  void controlNeedsAsManyIdsAsItsBucket() {
    assertThatThrownBy(() -> new ControlDraw(2, 0, new int[] {1}))
        .hasMessage("Invalid control: draw 0 of bucket 2 must have as many ids, got 1");
  }

  @Test
  void orderOfControlRowsChangesNothing() {
    List<ControlLoss> rows = new ArrayList<>();
    for (int draw = 0; draw < 3; draw++) {
      rows.add(new ControlLoss(1, draw, 0, 0.1 * (draw + 1)));
    }
    LengthBuckets one = new LengthBuckets(1);
    double expected = new ControlLosses(one, 1, rows).controlNll(0, 1);

    Collections.reverse(rows);

    assertThat(new ControlLosses(one, 1, rows).controlNll(0, 1)).isEqualTo(expected);
  }

  private static ControlBank bank(long seed) {
    return new ControlBank(BUCKETS, TOKENS, seed);
  }

  private record TwoWords(OptionalInt bos) implements Tokenizer {
    @Override
    public int[] encode(String text) {
      return new int[] {1};
    }

    @Override
    public String decode(int[] ids) {
      return ids[0] == 0 ? "start" : "word";
    }

    @Override
    public int size() {
      return 2;
    }
  }
}
