package ai.icon.spark.fault;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import ai.icon.spark.run.RunAudit;
import ai.icon.spark.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** A run of many shards: the tiny model, the beginning of the demo's pool. */
final class TinyJob {
  private static final Path DEMO = Path.of("../tools/tiny-icl/demo");
  private static final int POOL = 40;
  private static final int CANDIDATES = 30;

  private TinyJob() {}

  /**
   * The command line without run folder and master, its files below a folder.
   *
   * @param assessed assessed examples, 48 at the most
   * @param shardTokens about how many tokens a shard scores
   */
  static List<String> arguments(Path place, int assessed, int shardTokens) throws IOException {
    return List.of(
        "run",
        "--pool",
        lines(place, "pool.jsonl", POOL),
        "--assessment",
        lines(place, "assessment.jsonl", assessed),
        "--model",
        Path.of(LocalIcon.TRAINED_MODEL).toAbsolutePath().normalize().toString(),
        "--threads",
        "1",
        "--measure",
        "log",
        "--max-reject-share",
        "0.5",
        "--candidates",
        Integer.toString(CANDIDATES),
        "--shard-tokens",
        Integer.toString(shardTokens),
        "--budget",
        "20%");
  }

  /** Nothing is left over in a run folder and nothing is lacking. */
  static void assertClean(Path run) throws IOException {
    assertThat(RunAudit.of(RunFolder.open(run.toString(), new Configuration())))
        .isEqualTo(new RunAudit(List.of(), List.of()));
  }

  private static String lines(Path place, String name, int count) throws IOException {
    List<String> all = Files.readAllLines(DEMO.resolve(name));
    return Files.write(place.resolve(name), all.subList(0, count)).toString();
  }
}
