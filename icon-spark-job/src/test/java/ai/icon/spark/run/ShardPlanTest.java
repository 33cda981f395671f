package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.spark.run.ShardPlan.Shard;
import ai.icon.spark.run.ShardPlan.WorkItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
  @Test
  void equalItemsMakeEqualShards() {
    assertThat(ShardPlan.cut(work(10, 10, 10, 10, 10, 10), 20).shards())
        .containsExactly(new Shard(0, 0, 2, 20), new Shard(1, 2, 4, 20), new Shard(2, 4, 6, 20));
  }

  @Test
  void aLongItemStandsAlone() {
    assertThat(ShardPlan.cut(work(10, 10, 500, 10, 10), 20).shards())
        .containsExactly(new Shard(0, 0, 2, 20), new Shard(1, 2, 3, 500), new Shard(2, 3, 5, 20));
  }

  @Test
  void littleWorkIsOneShardAndNoWorkIsNone() {
    assertThat(ShardPlan.cut(work(1, 1), 1000).shards()).containsExactly(new Shard(0, 0, 2, 2));
    assertThat(ShardPlan.cut(List.of(), 1000).shards()).isEmpty();
  }

  @Property(tries = 200)
  void everyItemIsInOneShardOfAboutTheWantedCost(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 3000) Integer> costs,
      @ForAll @LongRange(min = 1000, max = 20_000) long wanted) {
    List<WorkItem> work = work(costs.stream().mapToInt(Integer::intValue).toArray());

    ShardPlan plan = ShardPlan.cut(work, wanted);

    List<WorkItem> covered = new ArrayList<>();
    long largest = work.stream().mapToLong(WorkItem::tokens).max().orElseThrow();
    long total = work.stream().mapToLong(WorkItem::tokens).sum();
    double mean = (double) total / Math.max(1, Math.round((double) total / wanted));
    for (Shard shard : plan.shards()) {
      List<WorkItem> items = work.subList(shard.from(), shard.to());
      assertThat(shard.tokens()).isEqualTo(items.stream().mapToLong(WorkItem::tokens).sum());
      assertThat((double) shard.tokens()).isLessThanOrEqualTo(mean + largest);
      covered.addAll(items);
    }
    assertThat(covered).isEqualTo(work);
  }

  /** Lengths as pools have them: most short, a few a thousand times longer, one giant perhaps. */
  @Property(tries = 100)
  void skewedLengthsStillMakeShardsOfAboutTheWantedCost(
      @ForAll long seed, @ForAll @LongRange(min = 5_000, max = 50_000) long wanted) {
    Random random = new Random(seed);
    long giant = random.nextBoolean() ? 20 * wanted : 1;
    int place = random.nextInt(2_000);
    int[] costs =
        IntStream.range(0, 2_000)
            .map(
                i ->
                    i == place
                        ? (int) giant
                        : (int) Math.min(4_000, 1 + Math.exp(4 + 1.5 * random.nextGaussian())))
            .toArray();
    List<WorkItem> work = work(costs);

    ShardPlan plan = ShardPlan.cut(work, wanted);

    long total = work.stream().mapToLong(WorkItem::tokens).sum();
    double mean = (double) total / Math.max(1, Math.round((double) total / wanted));
    for (Shard shard : plan.shards()) {
      long largest =
          work.subList(shard.from(), shard.to()).stream()
              .mapToLong(WorkItem::tokens)
              .max()
              .orElseThrow();
      assertThat((double) shard.tokens()).isLessThanOrEqualTo(mean + largest);
      // Beside the giant a shard may have lost the other half of its slot to it.
      boolean isBesideGiant = shard.from() <= place + 1 && place <= shard.to();
      if (!isBesideGiant) {
        assertThat((double) shard.tokens()).isGreaterThanOrEqualTo(mean - 2 * 4_000);
      }
    }
    if (giant > 1) {
      // The giant fills its slots alone, but for what lies in the two that it begins and ends in.
      Shard its =
          plan.shards().stream()
              .filter(shard -> shard.from() <= place && place < shard.to())
              .findFirst()
              .orElseThrow();
      assertThat((double) its.tokens() - giant).isLessThanOrEqualTo(mean);
    }
  }

  @Test
  void aPlanKnowsItsItemsTheirOrderAndTheirCost() {
    ShardPlan plan = ShardPlan.cut(work(1, 2, 3), 4);

    assertThat(plan.isOf(work(1, 2, 3), 4)).isTrue();
    assertThat(plan.isOf(work(1, 2, 3), 5)).isFalse();
    assertThat(plan.isOf(work(1, 2, 4), 4)).isFalse();
    assertThat(plan.isOf(work(1, 2), 4)).isFalse();
    List<WorkItem> swapped = new ArrayList<>(work(1, 2, 3));
    java.util.Collections.swap(swapped, 0, 1);
    assertThat(plan.isOf(swapped, 4)).isFalse();
  }

  @Test
  void impossibleWorkIsRefused() {
    assertThatThrownBy(() -> new WorkItem("a", 0))
        .hasMessage("Invalid work item a: must cost at least 1 token, got 0");
    assertThatThrownBy(() -> ShardPlan.cut(work(1), 0))
        .hasMessage("Invalid shard tokens: must be at least 1, got 0");
    assertThatThrownBy(() -> ShardPlan.cut(work(1_000_000), 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("1000000 shards, more than 99999")
        .hasMessageContaining("Set --shard-tokens to 11 or more");
    assertThatThrownBy(() -> new ShardPlan("h", 3, 1, List.of(new Shard(0, 0, 2, 2))))
        .hasMessage("Invalid shard plan: 3 items, but the shards end at 2");
    assertThatThrownBy(() -> new ShardPlan("h", 3, 1, List.of(new Shard(0, 1, 3, 2))))
        .hasMessageStartingWith("Invalid shard plan: shard 0 must start at item 0");
  }

  private static List<WorkItem> work(int... costs) {
    List<WorkItem> work = new ArrayList<>();
    Arrays.stream(costs).forEach(cost -> work.add(new WorkItem("item" + work.size(), cost)));
    return work;
  }
}
