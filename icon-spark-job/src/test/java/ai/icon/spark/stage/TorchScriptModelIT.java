package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.Precision;
import ai.icon.djl.UniformProgram;
import ai.icon.spark.LocalIcon;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import ai.icon.spark.rows.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A TorchScript program as the model of a run, with the tokenizer and the sizes of a checkpoint.
 */
class TorchScriptModelIT {
  private static final int VOCABULARY = 517;

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path program;

  @BeforeAll
  static void lay() throws IOException {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    Path model = Files.createDirectory(folder.resolve("model"));
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(Path.of(LocalIcon.RANDOM_MODEL, name), model.resolve(name));
    }
    Files.writeString(model.resolve("model.safetensors"), "none of its business");
    program = UniformProgram.write(model.resolve("program.pt"), VOCABULARY);
    Files.write(
        folder.resolve("pool.jsonl"),
        IntStream.range(0, 6)
            .mapToObj(
                i -> "{\"instruction\":\"Count to %d.\",\"output\":\"So: %d\"}".formatted(i, i))
            .toList());
    Files.writeString(
        folder.resolve("assessment.jsonl"), "{\"instruction\":\"Say it.\",\"output\":\"It.\"}");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void everyTokenCostsWhatTheProgramSays() {
    LocalIcon.Outcome outcome = score("ngram", "--selector", "ngram");

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    List<Row> baseline = icon.table(folder.resolve("ngram"), "baseline").collectAsList();
    assertThat(baseline).isNotEmpty();
    for (Row row : baseline) {
      assertThat(row.<Double>getAs(Columns.BASELINE_NLL))
          .isCloseTo(Math.log(VOCABULARY), within(1e-5));
    }
    assertThat(icon.table(folder.resolve("ngram"), "contributions").count()).isEqualTo(6);
  }

  @Test
  void whatNeedsHiddenStatesIsRefusedBeforeAnyStage() {
    LocalIcon.Outcome probe = score("probe", "--selector", "probe");
    LocalIcon.Outcome clustered =
        icon.execute(
            List.of(
                "run",
                "--pool",
                folder.resolve("pool.jsonl").toString(),
                "--assessment-draw",
                "clustered",
                "--selector",
                "ngram",
                "--model",
                program.toString(),
                "--out",
                folder.resolve("clustered").toString()));

    assertThat(probe.code()).isEqualTo(2);
    assertThat(probe.errors())
        .contains("Cannot use --selector probe with the model " + program)
        .contains("Use --selector ngram.");
    assertThat(clustered.code()).isEqualTo(2);
    assertThat(clustered.errors())
        .contains("Cannot use --assessment-draw clustered with the model " + program);
    assertThat(folder.resolve("probe/pool")).doesNotExist();
    assertThat(folder.resolve("clustered/pool")).doesNotExist();
  }

  @Test
  void aProgramIsDescribedByItsFileAndItsContext() throws IOException {
    ModelSummary summary = ModelSummary.of(program.toString());

    assertThat(summary.fingerprint()).isEqualTo(Checkpoint.open(program).fingerprint());
    assertThat(summary.describe(Precision.BFLOAT16))
        .isEqualTo(program + ": a TorchScript program, 0 MiB as saved, context 512 tokens");
  }

  @Test
  void aProgramIsFetchedWithTheTextsBesideItAndNothingElse() throws IOException {
    TreeMap<String, String> hadoop = new TreeMap<>();
    hadoop.put("fs.counted.impl", "ai.icon.spark.executor.CountedFileSystem");
    String cache = folder.resolve("cache").toString();
    ModelSource source = new ModelSource("counted:" + program, cache, hadoop);
    String fingerprint = Checkpoint.open(program).fingerprint();

    Path fetched = source.folder("");

    assertThat(fetched).isEqualTo(Path.of(cache, fingerprint));
    try (Stream<Path> files = Files.list(fetched)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json", "program.pt", "tokenizer.json", "tokenizer_config.json");
    }
    assertThat(source.folder(fingerprint)).isEqualTo(fetched);
    ModelConfig model =
        new ModelConfig(fetched.toString(), Precision.FLOAT32, ModelConfig.Device.CPU, 1, cache);
    assertThat(ModelSummary.of(ModelSource.of(model)).outline().embeds()).isFalse();
  }

  private static LocalIcon.Outcome score(String run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--until", "score"));
    arguments.addAll(List.of("--pool", folder.resolve("pool.jsonl").toString()));
    arguments.addAll(List.of("--assessment", folder.resolve("assessment.jsonl").toString()));
    arguments.addAll(List.of("--candidates", "all", "--model", program.toString()));
    arguments.addAll(List.of("--out", folder.resolve(run).toString()));
    arguments.addAll(List.of(more));
    return icon.execute(arguments);
  }
}
