package ai.icon.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Parts of the demo's rows as files and as data frames, and the command line beside them. */
final class DemoFrames {
  private static final Path DEMO = Path.of("../tools/tiny-icl/demo");

  static {
    // Before the first logger: a failure stays readable among what Spark would log.
    System.setProperty("log4j2.configurationFile", "../conf/log4j2.properties");
  }

  private final SparkSession spark;
  private final Path place;

  DemoFrames(Path place) {
    this.spark = LocalIcon.session();
    this.place = place;
  }

  /** Lines of the demo's pool, one an ask: some are duplicates, some have no output. */
  Path pool(String name, int from, int to) throws IOException {
    return Files.write(
        place.resolve(name), Files.readAllLines(DEMO.resolve("pool.jsonl")).subList(from, to));
  }

  /** Every so many-th assessed example, so that all six groups come in. */
  Path assessment(int step) throws IOException {
    List<String> all = Files.readAllLines(DEMO.resolve("assessment.jsonl"));
    List<String> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      some.add(all.get(i));
    }
    return Files.write(place.resolve("assessment.jsonl"), some);
  }

  SparkSession spark() {
    return spark;
  }

  Dataset<Row> frame(Path file) {
    return spark.read().json(file.toString());
  }

  Path path(String name) {
    return place.resolve(name);
  }

  /** A facade with the settings of {@link #commandLine}. */
  static Icon icon() {
    return Icon.create()
        .model(LocalIcon.TRAINED_MODEL)
        .set("model.threads", "1")
        .set("score.measure", "log")
        .set("selector.kind", "ngram")
        .set("pool.maxRejectShare", "0.5");
  }

  /** Runs {@code icon run} over files. */
  Path commandLine(String name, Path pool, Path assessment, String... more) {
    Path out = place.resolve(name);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--pool",
                pool.toString(),
                "--assessment",
                assessment.toString(),
                "--model",
                LocalIcon.TRAINED_MODEL,
                "--threads",
                "1",
                "--measure",
                "log",
                "--selector",
                "ngram",
                "--max-reject-share",
                "0.5",
                "--out",
                out.toString()));
    arguments.addAll(Arrays.asList(more));
    LocalIcon.Outcome outcome = new LocalIcon(spark).execute(arguments);
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    return out;
  }

  /** Rows as texts that tell every double apart, sorted. */
  static List<String> rows(Dataset<Row> table) {
    return table.toJSON().collectAsList().stream().sorted().toList();
  }
}
