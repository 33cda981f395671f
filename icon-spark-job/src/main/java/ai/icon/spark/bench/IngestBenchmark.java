package ai.icon.spark.bench;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.stage.Job;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The ingest of made samples, its speed and its memory.
 *
 * @param layers settings; the model is named
 * @param rows how many
 * @param files that they lie in
 */
public record IngestBenchmark(SettingLayers layers, long rows, int files) implements Benchmark {
  private static final int WORDS = 8;
  private static final int DUPLICATE_OF = 50;
  private static final int REJECT_OF = 1_000;

  /** Checks that there are rows. */
  public IngestBenchmark {
    requireNonNull(layers, "layers");
    if (rows < 1 || files < 1) {
      throw new IllegalArgumentException(
          "Invalid benchmark: at least 1 row and 1 file, got " + rows + " and " + files);
    }
  }

  /** Every fiftieth row is the one before it again, every thousandth cannot be used. */
  private static long number(long row) {
    if (row % REJECT_OF == REJECT_OF - 2) {
      return -1;
    }
    return row % DUPLICATE_OF == DUPLICATE_OF / 2 ? row - 1 : row;
  }

  @Override
  public ObjectNode run(SparkSession spark, Path work, PrintStream lines) throws IOException {
    Path pool = Files.createDirectories(work.resolve("pool"));
    long bytes = 0;
    for (int file = 0; file < files; file++) {
      Path path = pool.resolve(String.format(Locale.ROOT, "part-%03d.jsonl", file));
      MadeSamples.write(
          path, rows * file / files, rows * (file + 1) / files, WORDS, IngestBenchmark::number);
      bytes += Files.size(path);
    }
    lines.printf(Locale.ROOT, "%d rows in %d files, %d MB%n", rows, files, bytes / 1_000_000);
    RunConfig config =
        RunConfig.load(
            layers.options(
                Map.of(
                    Setting.POOL_SOURCES,
                    List.of(pool.toString()),
                    Setting.RUN_OUT,
                    work.resolve("run").toString())));
    List<StageRecord> records =
        new Job(spark, config, System.err).run(List.of(StageName.INGEST), List.of());
    return figures(records.get(0), bytes, lines);
  }

  private ObjectNode figures(StageRecord ingest, long bytes, PrintStream lines) throws IOException {
    Map<String, Long> counts = ingest.counts();
    checkCounts(counts);
    ObjectNode figures = new ObjectMapper().createObjectNode();
    figures.put("benchmark", "ingest").put("rows", rows).put("files", files).put("bytes", bytes);
    figures.put("seconds", ingest.seconds()).put("rowsPerSecond", rows / ingest.seconds());
    counts.forEach(figures::put);
    Memory.describe(figures);
    List<String> told = new ArrayList<>();
    figures.fields().forEachRemaining(one -> told.add(one.getKey() + "  " + one.getValue()));
    told.forEach(lines::println);
    return figures;
  }

  private void checkCounts(Map<String, Long> counts) {
    long rejects = 0;
    long duplicates = 0;
    for (long row = 0; row < rows; row++) {
      long number = number(row);
      rejects += number < 0 ? 1 : 0;
      duplicates += number >= 0 && number != row ? 1 : 0;
    }
    Map<String, Long> made = Map.of("read", rows, "rejects", rejects, "duplicates", duplicates);
    if (!counts.equals(made)) {
      throw new IllegalStateException(
          "Invalid counts of the ingest: " + made + " were made, got " + counts);
    }
  }
}
