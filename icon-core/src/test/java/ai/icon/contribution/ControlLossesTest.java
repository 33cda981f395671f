package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ControlLossesTest {
  private static final LengthBuckets BUCKETS = new LengthBuckets(100);

  @Test
  void lossIsTheMeanOverTheDrawsAtABucket() {
    ControlLosses losses =
        new ControlLosses(
            BUCKETS,
            2,
            List.of(
                new ControlLoss(7, 0, 0, 1),
                new ControlLoss(7, 1, 0, 2),
                new ControlLoss(7, 2, 0, 6),
                new ControlLoss(7, 0, 1, 4),
                new ControlLoss(7, 1, 1, 4),
                new ControlLoss(7, 2, 1, 4)));

    assertThat(losses.controlNll(0, 7)).isEqualTo(3);
    assertThat(losses.controlNll(1, 7)).isEqualTo(4);
  }

  @Test
  void lossIsLinearInLogLengthBetweenBuckets() {
    ControlLosses losses = losses(List.of(12, 15), 2.0, 3.0);

    assertThat(losses.controlNll(0, 13))
        .isCloseTo(2 + Math.log(13 / 12.0) / Math.log(15 / 12.0), within(1e-12));
  }

  @Test
  void equalLossesHaveExactlyThemselvesAsMean() {
    for (int i = 1; i < 1000; i++) {
      double loss = i / 7.0; // (x + x + x) / 3 is not always x
      assertThat(losses(List.of(12, 15), loss, loss).controlNll(0, 12)).isEqualTo(loss);
      assertThat(losses(List.of(12, 15), loss, loss).controlNll(0, 14)).isEqualTo(loss);
    }
  }

  @Test
  void lossThatIsNotFinitePropagates() {
    ControlLosses losses = losses(List.of(12, 15), 2.0, Double.POSITIVE_INFINITY);

    assertThat(losses.controlNll(0, 12)).isEqualTo(2);
    assertThat(losses.controlNll(0, 13)).isNotFinite();
    assertThat(losses.controlNll(0, 15)).isNotFinite();
    assertThat(losses(List.of(12, 15), Double.NaN, 2.0).controlNll(0, 13)).isNaN();
  }

  @Test
  void bucketThatWasNotMeasuredIsMissed() {
    ControlLosses losses = losses(List.of(12), 2.0);

    assertThatThrownBy(() -> losses.controlNll(0, 13))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot take a control loss: no control of 15 tokens was measured");
  }

  @Test
  void incompleteBucketIsRefused() {
    assertThatThrownBy(() -> new ControlLosses(BUCKETS, 1, List.of(new ControlLoss(7, 0, 0, 1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot take control losses of 7 tokens: 3 rows are needed, got 1");
  }

  @Test
  void repeatedOrUnknownRowIsRefused() {
    ControlLoss row = new ControlLoss(7, 0, 0, 1);
    assertThatThrownBy(() -> new ControlLosses(BUCKETS, 1, List.of(row, row, row)))
        .hasMessageStartingWith("Invalid control losses: twice the same row, ControlLoss[bucket=7");
    for (ControlLoss unknown :
        List.of(
            new ControlLoss(6, 0, 0, 1),
            new ControlLoss(7, 3, 0, 1),
            new ControlLoss(7, -1, 0, 1),
            new ControlLoss(7, 0, 1, 1),
            new ControlLoss(7, 0, -1, 1))) {
      assertThatThrownBy(() -> new ControlLosses(BUCKETS, 1, List.of(unknown)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Invalid control loss: bucket, draw or example is unknown");
    }
  }

  @Property(tries = 200, seed = "5327")
  void lossLiesBetweenItsBucketsAndMovesWithTheLength(
      @ForAll @IntRange(min = 1, max = 99) int length,
      @ForAll @DoubleRange(min = 0, max = 20) double below,
      @ForAll @DoubleRange(min = 0, max = 20) double above) {
    int shorter = BUCKETS.floor(length);
    int longer = BUCKETS.ceiling(shorter + 1);
    ControlLosses losses = losses(List.of(shorter, longer), below, above);

    double loss = losses.controlNll(0, length);
    double next = losses.controlNll(0, Math.min(length + 1, longer));

    assertThat(loss).isBetween(Math.min(below, above) - 1e-12, Math.max(below, above) + 1e-12);
    assertThat((next - loss) * (above - below)).isGreaterThanOrEqualTo(-1e-12);
  }

  private static ControlLosses losses(List<Integer> buckets, double... nll) {
    List<ControlLoss> rows = new ArrayList<>();
    for (int i = 0; i < nll.length; i++) {
      for (int draw = 0; draw < ControlBank.DRAWS; draw++) {
        rows.add(new ControlLoss(buckets.get(i), draw, 0, nll[i]));
      }
    }
    return new ControlLosses(BUCKETS, 1, rows);
  }
}
