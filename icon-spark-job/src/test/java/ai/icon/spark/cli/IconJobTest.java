package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.spark.bench.TopKBenchmark;
import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IconJobTest {
  private static final String[] RUN = {
    "run", "--pool", "p.json", "--assessment", "a.jsonl", "--model", "m", "--out", "r"
  };

  private final RecordedCommands commands = new RecordedCommands();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int execute(String... arguments) {
    return new IconJob(commands, stream(out), stream(err)).execute(arguments);
  }

  private int run(String... more) {
    return execute(Stream.concat(Arrays.stream(RUN), Arrays.stream(more)).toArray(String[]::new));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void runPassesEverySettingAndPrintsTheSelectionLast() {
    int code =
        run(
            "--candidates",
            "200",
            "--budget=5000",
            "--columns",
            "instruction=q,output=a b",
            "--pool",
            "q*.jsonl",
            "--master",
            "local[2]",
            "--conf",
            "spark.a=b=c",
            "--redo",
            "score",
            "--seed",
            "7",
            "--group-weights",
            "x=2");

    assertThat(err()).isEmpty();
    assertThat(code).isZero();
    assertThat(out()).isEqualTo("table\nr/selection\n");
    assertThat(commands.stages).containsExactly(StageName.values());
    assertThat(commands.config.pool().sources()).containsExactly("p.json", "q*.jsonl");
    assertThat(commands.config.pool().columns().columns())
        .isEqualTo(Map.of("instruction", "q", "output", "a b"));
    assertThat(commands.config.score().candidates()).isEqualTo(200);
    assertThat(commands.config.score().groupWeights()).isEqualTo(Map.of("x", 2.0));
    assertThat(commands.config.selection().budget().text()).isEqualTo("5000");
    assertThat(commands.config.seed()).isEqualTo(7);
    assertThat(commands.options.master()).isEqualTo("local[2]");
    assertThat(commands.options.sparkSettings()).isEqualTo(Map.of("spark.a", "b=c"));
    assertThat(commands.options.redo()).containsExactly(StageName.SCORE);
    assertThat(commands.options.dryRun()).isFalse();
  }

  @Test
  void aPatternThatTheShellExpandedIsTakenWhole() {
    assertThat(execute("ingest", "--pool", "a.json", "b.json", "--model", "m", "--out", "r"))
        .isZero();
    assertThat(commands.config.pool().sources()).containsExactly("a.json", "b.json");
  }

  @Test
  void theMasterIsAllCoresUnlessGiven() {
    assertThat(run()).isZero();
    assertThat(commands.options.master()).isEqualTo("local[*]");
  }

  @Test
  void aDryRunPrintsNoSelection() {
    assertThat(run("--dry-run")).isZero();
    assertThat(commands.options.dryRun()).isTrue();
    assertThat(out()).isEqualTo("table\n");
  }

  @Test
  void untilCutsTheStages() {
    assertThat(run("--until", "score")).isZero();
    assertThat(commands.stages)
        .containsExactly(StageName.INGEST, StageName.ASSESS, StageName.SCORE);
    assertThat(out()).isEqualTo("table\n");
  }

  @ParameterizedTest
  @CsvSource({"assess", "score", "train", "rank", "select"})
  void aStageRunsAloneOnWhatTheRunFolderStores(String name) {
    commands.stored =
        "icon { pool.sources = [p], model.path = m, assessment.source = a, selection.budget = 7 }";

    assertThat(execute(name, "--out", "r")).isZero();
    assertThat(commands.stages).extracting(StageName::text).containsExactly(name);
    assertThat(commands.config.model().path()).isEqualTo("m");
    assertThat(commands.config.selection().budget().text()).isEqualTo("7");
  }

  @Test
  void anOptionWinsOverWhatTheRunFolderStores() {
    commands.stored = "icon.selection.budget = 7";

    assertThat(execute("select", "--out", "r", "--budget", "20%")).isZero();
    assertThat(commands.config.selection().budget().text()).isEqualTo("20%");
  }

  @Test
  void aConfigFileStandsUnderTheOptions(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("my.conf"), "icon { run.out = fromFile, score.candidates = 3 }");

    int code =
        execute(
            "run",
            "--config",
            file.toString(),
            "--pool",
            "p",
            "--assessment",
            "a",
            "--model",
            "m",
            "--candidates",
            "4");

    assertThat(code).isZero();
    assertThat(commands.config.out()).isEqualTo("fromFile");
    assertThat(commands.config.score().candidates()).isEqualTo(4);
    assertThat(commands.askedFor).isEqualTo(Path.of("fromFile"));
  }

  @Test
  void anUnknownOptionIsAUserErrorThatNamesTheNearest() {
    assertThat(run("--candidate=5")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            """
            icon: Invalid option --candidate: icon run has no such option
              Did you mean --candidates? See: icon run --help
            """);
    assertThat(out()).isEmpty();
    assertThat(commands.stages).isEmpty();
  }

  @Test
  void aWrongValueIsAUserErrorWithItsOption() {
    assertThat(run("--candidates", "-3")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "icon: Invalid setting icon.score.candidates: must be a whole number from 1, or all,"
                + " got -3\n"
                + "  Set --candidates <samples|all>, or icon.score.candidates in the file given by"
                + " --config.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--candidates", "--conf=nothing", "--dry-run=perhaps"})
  void anOptionWithoutItsValueOrWithABadOneIsAUserError(String option) {
    assertThat(run(option)).isEqualTo(2);
    assertThat(err())
        .startsWith("icon: ")
        .contains("\n  See: icon run --help\n")
        .doesNotContain("\tat ");
  }

  @Test
  void anOptionGivenTwiceIsAUserError() {
    assertThat(run("--seed", "1", "--seed", "2")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            """
            icon: Invalid option --seed: must be given once, got it 2 times
              Leave one of them.
            """);
  }

  @Test
  void anUnknownStageIsAUserError() {
    assertThat(run("--redo", "scor")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "icon: Invalid option --redo: must be one of ingest, assess, score, train, rank,"
                + " select, got scor\n  Did you mean --redo score?\n");
  }

  @Test
  void noCommandIsAMatterOfUsage() {
    assertThat(execute()).isEqualTo(1);
    assertThat(err()).contains("Commands:", "demo", "loss");
    assertThat(out()).isEmpty();
  }

  @Test
  void anUnknownCommandIsAMatterOfUsage() {
    assertThat(execute("scores")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            """
            icon: Invalid command scores: icon has no such command
              Did you mean score? See: icon --help
            """);
  }

  @Test
  void aMissingFileArgumentIsAMatterOfUsage() {
    assertThat(execute("loss", "--model", "m")).isEqualTo(1);
    assertThat(err()).contains("FILE").contains("See: icon loss --help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --pool p --model m --assessment a|icon.run.out: must name the run's folder|--out",
        "run --out r --model m --assessment a|icon.pool.sources: must name a file|--pool",
        "run --out r --pool p --assessment a|icon.model.path: must name a checkpoint|--model",
        "run --out r --pool p --model m|icon.assessment.source: must name a file|--stratify-by",
        "assess --out r --assessment-draw clustered|icon.model.path: must name a checkpoint|--model",
        "ingest --out r --pool p|icon.model.path: must name a checkpoint|--model",
        "assess --out r --assessment a|icon.model.path: must name a checkpoint|--model",
        "score --out r|icon.model.path: must name a checkpoint|--model",
        "train --out r --selector none|icon.model.path: must name a checkpoint|--model",
        "rank --out r|icon.model.path: must name a checkpoint|--model",
        "status|icon.run.out: must name the run's folder|--out",
        "model|icon.model.path: must name a checkpoint|--model",
        "loss rows.jsonl|icon.model.path: must name a checkpoint|--model",
      })
  void whatACommandNeedsIsAskedForBeforeItStarts(String line, String rule, String cure) {
    assertThat(execute(line.split(" ", -1))).isEqualTo(2);
    assertThat(err()).startsWith("icon: Invalid setting " + rule + ", got nothing").contains(cure);
    assertThat(commands.stages).isEmpty();
  }

  @Test
  void aUserErrorInsideSparksIsTwo() {
    commands.failure =
        new IllegalStateException(
            "Job aborted", new RuntimeException(new UserError("Cannot read x", "Give y.")));

    assertThat(run()).isEqualTo(2);
    assertThat(err()).isEqualTo("icon: Cannot read x\n  Give y.\n");
  }

  @Test
  void aResourceErrorInsideSparksIsFour() {
    commands.failure =
        new IllegalStateException(new ResourceError("No memory", "Buy.", new OutOfMemoryError()));

    assertThat(run()).isEqualTo(4);
    assertThat(err()).isEqualTo("icon: No memory\n  Buy.\n");
  }

  @Test
  void memoryAndDiskThatGiveOutAreFour() {
    commands.failure = new IllegalStateException(new OutOfMemoryError("Java heap space"));
    assertThat(run()).isEqualTo(4);
    commands.failure = new IllegalStateException(new IOException("No space left on device"));
    assertThat(run()).isEqualTo(4);
    assertThat(err()).contains("ICON_DRIVER_MEMORY", "the disk is full");
  }

  @Test
  void anErrorIsJudgedLikeAnException() {
    commands.error = new OutOfMemoryError("Java heap space");

    assertThat(run()).isEqualTo(4);
  }

  @Test
  void aBugIsThreeAndNamesTheFileOfItsTrace() throws IOException {
    commands.failure = new IllegalStateException("lost a row");

    assertThat(run()).isEqualTo(3);
    assertThat(err())
        .startsWith(
            "icon: icon failed by a mistake of its own: java.lang.IllegalStateException: lost a row")
        .doesNotContain("\tat ");
    Path log = Path.of(err().replaceAll("(?s).*trace is in (.*); --verbose.*", "$1"));
    assertThat(Files.readString(log)).contains("lost a row").contains("\tat ");
    Files.delete(log);
  }

  @Test
  void verboseShowsTheTrace() {
    commands.failure = new IllegalStateException("lost a row");

    assertThat(run("--verbose")).isEqualTo(3);
    assertThat(err()).contains("\tat ai.icon.spark.cli");
  }

  @Test
  void demoNeedsNothing() {
    assertThat(execute("demo")).isZero();
    assertThat(commands.askedFor).isEqualTo(Path.of("runs/demo"));
    assertThat(out()).isEqualTo("table\nruns/demo/selection\n");
  }

  @Test
  void statusAsksForTheFolder() {
    assertThat(execute("status", "--out", "r")).isZero();
    assertThat(out()).isEqualTo("status of r\n");
    assertThat(execute("status", "--out", "r", "--exit-code")).isEqualTo(6);
  }

  @Test
  void statusReachesTheFolderBySettingsOfTheSameFilesAsARun(@TempDir Path folder)
      throws IOException {
    Path properties =
        Files.writeString(
            folder.resolve("spark.conf"),
            "spark.hadoop.a file\nspark.hadoop.b file\nspark.hadoop.c file\n");
    Path config =
        Files.writeString(
            folder.resolve("icon.conf"), "spark { hadoop.b = config, hadoop.c = config }");

    assertThat(
            execute(
                "status",
                "--out",
                "r",
                "--properties-file",
                properties.toString(),
                "--config",
                config.toString(),
                "--conf",
                "spark.hadoop.c=option"))
        .isZero();
    assertThat(commands.status.sparkSettings())
        .containsOnly(
            Map.entry("spark.hadoop.a", "file"),
            Map.entry("spark.hadoop.b", "config"),
            Map.entry("spark.hadoop.c", "option"));
    assertThat(execute("status", "--out", "r", "--properties-file", folder + "/none")).isEqualTo(2);
    assertThat(err()).contains("Cannot read the Spark settings of " + folder + "/none");
  }

  @Test
  void lossReadsTheFileAndPrintsNothingOfItsOwn(@TempDir Path folder) throws IOException {
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"a\":1}\n{\"b\":\"ü\"}\n");

    assertThat(execute("loss", "--model", "m", "--separator", "|", rows.toString())).isZero();
    assertThat(out()).isEqualTo("{\"a\":1}\n{\"b\":\"ü\"}\n");
    assertThat(commands.request.model().path()).isEqualTo("m");
    assertThat(commands.request.prompt().separator()).isEqualTo("|");
  }

  @Test
  void benchForwardNeedsAModel() {
    assertThat(execute("bench", "forward", "--model", "m")).isZero();
    assertThat(commands.askedFor).isEqualTo(Path.of("m"));
    assertThat(execute("bench", "forward")).isEqualTo(2);
    assertThat(err()).contains("Invalid setting icon.model.path");
  }

  @Test
  void benchAloneTeachesWhatItCanMeasure() {
    assertThat(execute("bench")).isEqualTo(1);
    assertThat(err()).contains("forward", "topk", "ingest", "overhead", "faults");
  }

  @Test
  void benchTopKTakesRowsAndShare() {
    assertThat(execute("bench", "topk", "--rows", "5000", "--share", "10%", "--master", "local[3]"))
        .isZero();
    assertThat(commands.benchmark)
        .isEqualTo(new TopKBenchmark(5_000, (Budget.Share) Budget.parse("10%"), 3, 8));
    assertThat(commands.options.master()).isEqualTo("local[3]");
    assertThat(execute("bench", "topk", "--share", "500")).isEqualTo(2);
    assertThat(err()).contains("Invalid option --share: must be a share such as 15%, got 500");
  }

  @Test
  void lossOfAMissingFileIsAUserError() {
    assertThat(execute("loss", "--model", "m", "no.jsonl")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            """
            icon: Cannot read rows: no.jsonl is not a readable file
              Name a file of JSON lines, or - for standard input.
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo", "run", "ingest", "assess", "score", "train", "rank", "select", "status", "model",
        "loss"
      })
  void everyHelpSaysWhatInputOutputAndExample(String name) {
    assertThat(execute(name, "--help")).isZero();
    assertThat(out())
        .contains("Usage: icon " + name)
        .contains("\nInput:\n  ", "\nOutput:\n  ", "\nExample:\n  icon " + name, "\nExit codes:\n")
        .doesNotContain("%n", "%%");
    assertThat(err()).isEmpty();
  }

  @Test
  void theHelpOfRunExplainsEverySetting() {
    assertThat(execute("run", "--help")).isZero();
    for (Setting setting : Setting.values()) {
      assertThat(out()).contains(setting.option());
    }
    assertThat(out()).contains("Default: 15%.", "Default: \\n\\n\\n.", "Default: 5000.");
  }

  @Test
  void theVersionNamesACommit() {
    assertThat(execute("--version")).isZero();
    assertThat(out()).startsWith("icon ").contains(", commit ");
  }

  @Test
  void severalConfigFilesStandOneOverTheOther(@TempDir Path folder) throws IOException {
    Path low = Files.writeString(folder.resolve("a.conf"), "icon.run { seed = 1, out = r }");
    Path high = Files.writeString(folder.resolve("b.conf"), "icon.run.seed = 2");
    List<String> line = List.of("select", "--config", low.toString(), "--config", high.toString());

    assertThat(execute(line.toArray(String[]::new))).isZero();
    assertThat(commands.config.seed()).isEqualTo(2);
  }
}
