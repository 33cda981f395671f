package ai.icon.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScoringProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now = 5;

  @Test
  void oneLineEveryThirtySecondsAndOneAtTheEnd() {
    ScoringProgress progress = ScoringProgress.lines(out, () -> now);
    progress.start("score", 12_800);
    for (int second = 1; second <= 64; second++) {
      now += TimeUnit.SECONDS.toNanos(1);
      progress.step(100, 5000);
    }
    progress.done();
    progress.done();
    progress.step(1, 1);

    assertThat(text().lines())
        .containsExactly(
            "score: 3,000 of 12,800 pairs (23 %), 5,000 tokens/s, 0:01:38 left",
            "score: 6,000 of 12,800 pairs (46 %), 5,000 tokens/s, 0:01:08 left",
            "score: 6,400 of 12,800 pairs (50 %), 5,000 tokens/s, 0:01:04 left");
  }

  @Test
  void aRetriedShardDoesNotExceedTheWhole() {
    ScoringProgress progress = ScoringProgress.lines(out, () -> now);
    progress.start("score", 10);
    now += TimeUnit.SECONDS.toNanos(10);
    progress.step(8, 100);
    progress.step(8, 100);
    progress.close();

    assertThat(text().trim()).isEqualTo("score: 10 of 10 pairs (100 %), 20 tokens/s, took 0:00:10");
  }

  @Test
  void nothingDoneHasNoTimeLeft() {
    ScoringProgress progress = ScoringProgress.lines(out, () -> now);
    progress.start("score", 10);
    progress.start("next", 0);
    progress.done();

    assertThat(text().lines())
        .containsExactly(
            "score: 0 of 10 pairs (0 %), 0 tokens/s, time left unknown",
            "next: 0 of 0 pairs (100 %), 0 tokens/s, took 0:00:00");
    assertThatThrownBy(() -> progress.start("bad", -1))
        .hasMessage("Invalid progress: there must be 0 pairs or more to do, got -1");
  }

  @Test
  void stepsOfSeveralThreadsAddUp() throws InterruptedException {
    ScoringProgress progress = ScoringProgress.lines(out, () -> now);
    progress.start("score", 1_000_000);
    Runnable steps =
        () -> {
          for (int i = 0; i < 20_000; i++) {
            progress.step(1, 1);
          }
        };
    Thread one = new Thread(steps);
    Thread two = new Thread(steps);
    one.start();
    two.start();
    one.join();
    two.join();
    progress.done();

    assertThat(text()).startsWith("score: 40,000 of 1,000,000 pairs");
  }

  @Test
  void theBarShowsPairsAndSpeed() {
    ScoringProgress progress = new ScoringProgress(new BarView(out));
    progress.start("score", 200);
    progress.step(200, 4000);
    progress.done();

    assertThat(text()).contains("score", "100%", "200/200 pairs", "tokens/s");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
