package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same samples from every kind of source and in every shape. */
class SourcesIT {
  private static final List<String> ROWS =
      List.of(
          "{\"instruction\":\"Name a river.\",\"input\":\"\",\"output\":\"The Elbe.\",\"n\":1}",
          "{\"instruction\":\"Grüße – 你好 🙂\",\"input\":\"ünï\",\"output\":\"Ça va \\\"bien\\\"\\n\",\"n\":2}",
          "{\"instruction\":\"Add.\",\"input\":\"1 + 1\",\"output\":\"2\",\"n\":3}",
          "{\"instruction\":\"Name a river.\",\"input\":null,\"output\":\"The Elbe.\",\"n\":4}",
          "{\"instruction\":\"  Keep spaces \",\"output\":\" here \",\"n\":5}");
  private static final int DISTINCT = 4;

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path lines;
  private static List<Row> expected;

  @BeforeAll
  static void readJsonLines() throws IOException {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    lines = Files.write(folder.resolve("lines.jsonl"), ROWS);
    expected = pool("lines", "--pool", lines.toString());
    assertThat(expected).hasSize(DISTINCT);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void aJsonArrayGivesTheSamePool() throws IOException {
    Path array =
        Files.writeString(folder.resolve("array.json"), "[\n" + String.join(",\n", ROWS) + "\n]");
    assertThat(pool("array", "--pool", array.toString())).isEqualTo(expected);
  }

  @Test
  void gzippedJsonLinesGiveTheSamePool() throws IOException {
    Path packed = folder.resolve("packed.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(String.join("\n", ROWS).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(pool("packed", "--pool", packed.toString())).isEqualTo(expected);
  }

  @Test
  void aFileThatSeveralTasksReadGivesTheSamePoolOnTheSameLines() throws IOException {
    List<String> rows = new ArrayList<>(ROWS);
    rows.add(2, "{\"instruction\": \"no row");
    Path large = Files.write(folder.resolve("large.jsonl"), rows);
    Path whole = folder.resolve("run-large-whole");
    Path cut = folder.resolve("run-large-cut");
    String[] pool = {"--pool", large.toString(), "--max-reject-share", "0.5"};
    assertThat(ingest(whole, pool).code()).isZero();
    spark.sparkContext().hadoopConfiguration().set("icon.read.piece", "60");
    try {
      assertThat(ingest(cut, pool).code()).isZero();
    } finally {
      spark.sparkContext().hadoopConfiguration().unset("icon.read.piece");
    }
    assertThat(places(cut)).isEqualTo(places(whole)).hasSize(DISTINCT);
    assertThat(rows(cut)).isEqualTo(expected);
    assertThat(icon.table(cut, "rejects").collectAsList())
        .isEqualTo(icon.table(whole, "rejects").collectAsList())
        .hasSize(1);
  }

  @Test
  void aParquetFolderAndOneOfItsFilesGiveTheSamePool() throws IOException {
    Path parquet = folder.resolve("samples.parquet");
    frame().coalesce(1).write().parquet(parquet.toString());
    assertThat(pool("parquet-folder", "--pool", parquet.toString())).isEqualTo(expected);
    try (var files = Files.list(parquet)) {
      Path file =
          files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
      assertThat(pool("parquet-file", "--pool", file.toString())).isEqualTo(expected);
    }
    Path parts = folder.resolve("parts");
    frame().repartition(3).write().parquet(parts.toString());
    assertThat(pool("parquet-parts", "--pool", parts.toString())).isEqualTo(expected);
  }

  @Test
  void aTableOfSparkGivesTheSamePool() {
    frame().createOrReplaceTempView("samples");
    assertThat(pool("view", "--pool", "table:samples")).isEqualTo(expected);
  }

  @Test
  void aTableThatSparkDoesNotKnowIsTheUsersError() {
    LocalIcon.Outcome outcome = ingest(folder.resolve("no-table"), "--pool", "table:nothing_here");
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors()).contains("Cannot read the pool table:nothing_here: ");
  }

  @Test
  void aTableIsKnownByItsPlainNameAndAPathOfThatNameComesFirst() throws IOException {
    spark.sql("CREATE DATABASE IF NOT EXISTS named LOCATION '" + folder.resolve("named.db") + "'");
    frame().write().mode("overwrite").saveAsTable("named.samples");
    assertThat(pool("plain", "--pool", "named.samples")).isEqualTo(expected);
    assertThat(pool("catalog", "--pool", "spark_catalog.named.samples")).isEqualTo(expected);
    spark.sql("DROP DATABASE named CASCADE");
    LocalIcon.Outcome outcome = ingest(folder.resolve("no-plain"), "--pool", "named.samples");
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains(
            "Cannot read the pool named.samples: there is no such file, and Spark's catalogue knows"
                + " no table of that name.");
  }

  @Test
  void aPartitionedFolderGivesItsKeysAsColumnsAndEachRowItsPlaceInItsFile() throws IOException {
    Path parts = folder.resolve("by topic, ü");
    List<String> rows = new ArrayList<>(ROWS);
    rows.add("{\"instruction\":\"No answer.\",\"output\":\"\"}");
    spark
        .read()
        .json(spark.createDataset(rows, Encoders.STRING()))
        .withColumn("topic", functions.expr("if(n > 2, 'a b', 'c')"))
        .coalesce(1)
        .write()
        .partitionBy("topic")
        .parquet(parts.toString());
    Path run = folder.resolve("run-partitioned");
    LocalIcon.Outcome outcome =
        ingest(run, "--pool", parts.toString(), "--max-reject-share", "0.5");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(rows(run)).isEqualTo(expected);
    Row add = icon.table(run, "_icon/samples").filter("instruction = 'Add.'").head();
    assertThat(add.<String>getAs("raw")).contains("\"topic\":\"a b\"");
    assertThat(add.<String>getAs("source")).startsWith(parts + "/topic=a b/part-");
    assertThat(add.<Long>getAs("line")).isEqualTo(1);
    Row reject = icon.table(run, "rejects").head();
    assertThat(reject.<String>getAs("source")).startsWith(parts + "/topic=c/part-");
    assertThat(reject.<Long>getAs("line")).isEqualTo(3);
  }

  @Test
  void aColumnThatOnlySomeFilesOfAFolderHaveIsKept() throws IOException {
    Path mixed = folder.resolve("mixed");
    spark
        .read()
        .json(spark.createDataset(ROWS.subList(2, 3), Encoders.STRING()))
        .write()
        .parquet(mixed.toString());
    spark
        .sql("SELECT 'Name a river.' AS prompt, 'The Elbe.' AS completion")
        .write()
        .mode("append")
        .parquet(mixed.toString());
    assertThat(pool("mixed", "--pool", mixed.toString())).hasSize(2);
  }

  @Test
  void jsonUnderPartitionKeysIsRefusedBecauseTheKeysWouldBeLost() throws IOException {
    Path keyed = Files.createDirectories(folder.resolve("keyed/topic=a"));
    Files.write(keyed.resolve("a.jsonl"), ROWS);
    LocalIcon.Outcome outcome =
        ingest(folder.resolve("run-keyed"), "--pool", keyed.getParent().toString());
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors()).contains("topic=a is a column that only Parquet gets");
    assertThat(pool("keyed", "--pool", keyed.getParent() + "/*/*.jsonl")).isEqualTo(expected);
  }

  @Test
  void aFolderOfHiveWithoutFileEndingsIsReadAndOneOfDeltaIsRefused() throws IOException {
    Path hive = Files.createDirectory(folder.resolve("hive"));
    frame().coalesce(1).write().parquet(folder.resolve("for-hive").toString());
    try (var files = Files.list(folder.resolve("for-hive"))) {
      Path file =
          files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.copy(file, hive.resolve("000000_0"));
    }
    Files.writeString(hive.resolve("README"), "no samples");
    assertThat(pool("hive", "--pool", hive.toString())).isEqualTo(expected);
    Files.createDirectory(hive.resolve("_delta_log"));
    LocalIcon.Outcome outcome = ingest(folder.resolve("delta"), "--pool", hive.toString());
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors()).contains("it is a Delta table, not a folder");
  }

  @Test
  void aChangedTableIsNoticedAndAnotherDivisionOfTheSameRowsIsNot() throws IOException {
    Path run = folder.resolve("run-changing");
    String[] changing = {"--pool", "table:changing"};
    frame().repartition(3).createOrReplaceTempView("changing");
    assertThat(ingest(run, changing).code()).isZero();
    List<Row> lines = places(run);
    frame().coalesce(1).orderBy(functions.col("n").desc()).createOrReplaceTempView("changing");
    LocalIcon.Outcome same = ingest(run, changing);
    assertThat(same.code()).as(same.errors()).isZero();
    Path again = folder.resolve("run-changing-again");
    assertThat(ingest(again, changing).code()).isZero();
    assertThat(places(again)).as("lines do not hang on the division").isEqualTo(lines);
    // Same columns, same number of rows.
    frame().withColumn("n", functions.expr("if(n = 3, 7, n)")).createOrReplaceTempView("changing");
    LocalIcon.Outcome changed = ingest(run, changing);
    assertThat(changed.code()).as(changed.errors()).isEqualTo(2);
    assertThat(changed.errors()).contains("pool source 1: was table:changing 5 rows, ");
  }

  @Test
  void aTimeInATableOrAFileIsTheSameSampleWhateverTheSessionsTimeZone() {
    String zone = spark.conf().get("spark.sql.session.timeZone");
    Path parquet = folder.resolve("times.parquet");
    frame()
        .withColumn("time", functions.expr("timestamp_seconds(1700000000 + n)"))
        .write()
        .parquet(parquet.toString());
    spark.read().parquet(parquet.toString()).createOrReplaceTempView("times");
    Path table = folder.resolve("run-times");
    try {
      spark.conf().set("spark.sql.session.timeZone", "UTC");
      assertThat(ingest(table, "--pool", "table:times").code()).isZero();
      List<Row> there = raw("there", parquet);
      assertThat(there.get(0).getString(1)).contains("\"time\":\"2023-11-14T22:13:");
      spark.conf().set("spark.sql.session.timeZone", "Asia/Kolkata");
      spark.conf().set("spark.sql.jsonGenerator.ignoreNullFields", "false");
      assertThat(raw("here", parquet)).isEqualTo(there);
      LocalIcon.Outcome again = ingest(table, "--pool", "table:times");
      assertThat(again.code()).as(again.errors()).isZero();
    } finally {
      spark.conf().set("spark.sql.session.timeZone", zone);
      spark.conf().unset("spark.sql.jsonGenerator.ignoreNullFields");
    }
  }

  private static List<Row> raw(String name, Path pool) {
    Path run = folder.resolve("run-times-" + name);
    assertThat(ingest(run, "--pool", pool.toString()).code()).isZero();
    return icon.table(run, "_icon/samples")
        .select("sample_id", "raw")
        .orderBy("sample_id")
        .collectAsList();
  }

  @Test
  void theGroupAndNameOfTheCallersJobsComeBack() {
    spark.sparkContext().setJobGroup("mine", "my notebook", true);
    try {
      assertThat(ingest(folder.resolve("group"), "--pool", lines.toString()).code()).isZero();
      assertThat(spark.sparkContext().getLocalProperty("spark.jobGroup.id")).isEqualTo("mine");
      assertThat(spark.sparkContext().getLocalProperty("spark.job.description"))
          .isEqualTo("my notebook");
      assertThat(spark.sparkContext().getLocalProperty("spark.job.interruptOnCancel"))
          .isEqualTo("true");
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  @Test
  void aSchemeWithoutFileSystemIsToldWithTheJarThatBringsIt() {
    LocalIcon.Outcome s3 = ingest(folder.resolve("s3"), "--pool", "s3a://bucket/pool");
    assertThat(s3.code()).as(s3.errors()).isEqualTo(2);
    assertThat(s3.errors())
        .contains("Cannot read s3a://bucket/pool: no file system for s3a:// is on the class path")
        .contains("--packages org.apache.hadoop:hadoop-aws:3.3.4");
    LocalIcon.Outcome other = ingest(folder.resolve("other"), "--pool", "nowhere://x/pool");
    assertThat(other.code()).as(other.errors()).isEqualTo(2);
    assertThat(other.errors()).contains("no file system for nowhere://").contains("Check the sche");
  }

  @Test
  void aFileThatIsNoParquetIsTheUsersError() throws IOException {
    Path fake = Files.writeString(folder.resolve("fake.parquet"), "this is not Parquet at all");
    LocalIcon.Outcome outcome = ingest(folder.resolve("fake"), "--pool", fake.toString());
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors()).contains("Cannot read the pool " + fake + ": ");
  }

  @Test
  void aPatternAndAFolderGiveTheSamePoolAsTheirFiles() throws IOException {
    Path some = Files.createDirectory(folder.resolve("some"));
    Files.write(some.resolve("a.jsonl"), ROWS.subList(0, 2));
    Files.writeString(some.resolve("b.json"), ROWS.subList(2, 5).toString());
    Files.writeString(some.resolve("README.md"), "no samples");
    Files.writeString(some.resolve("_SUCCESS"), "");
    assertThat(pool("folder", "--pool", some.toString())).isEqualTo(expected);
    assertThat(pool("pattern", "--pool", some + "/*.json*")).isEqualTo(expected);
  }

  @Test
  void duplicatesAreFoundThroughAllSourcesAndTheFirstSourceNamedKeepsThem() throws IOException {
    Path run = folder.resolve("two");
    Path first = Files.write(folder.resolve("zz-first.jsonl"), ROWS.subList(2, 5));
    assertThat(ingest(run, "--pool", first.toString(), "--pool", lines.toString()).code()).isZero();
    assertThat(rows(run)).isEqualTo(expected);
    JsonNode counts = LocalIcon.manifest(run).path("counts");
    assertThat(counts.path("read").asInt()).isEqualTo(8);
    assertThat(counts.path("duplicates").asInt()).isEqualTo(4);
    List<Row> kept =
        icon.table(run, "_icon/samples").filter("instruction = 'Name a river.'").collectAsList();
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).<String>getAs("source")).isEqualTo(first.toString());
    assertThat(kept.get(0).<Long>getAs("line")).isEqualTo(2);
  }

  @Test
  void shapesAreRecognised() throws IOException {
    Path shapes =
        Files.write(
            folder.resolve("shapes.jsonl"),
            List.of(
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"sharegpt\"},{\"from\":\"gpt\",\"value\":\"a\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"messages\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
                "{\"prompt\":\"pair\",\"completion\":\"c\"}",
                "{\"instruction\":\"alpaca\",\"input\":\"x\",\"output\":\"d\"}",
                "{\"instruction\":\"dolly\",\"context\":\"y\",\"response\":\"e\",\"category\":\"qa\"}"));
    Path run = folder.resolve("shapes");
    assertThat(ingest(run, "--pool", shapes.toString()).code()).isZero();
    List<String> read =
        icon.table(run, "_icon/samples").orderBy("line").collectAsList().stream()
            .map(row -> row.getAs("prompt") + "|" + row.getAs("response"))
            .toList();
    assertThat(read)
        .containsExactly(
            "### Instruction:\nsharegpt\n\n### Response:|a",
            "### Instruction:\nmessages\n\n### Response:|b",
            "### Instruction:\npair\n\n### Response:|c",
            "### Instruction:\nalpaca\n\n### Input: x\n\n### Response:|d",
            "### Instruction:\ndolly\n\n### Input: y\n\n### Response:|e");
    List<Row> messages = icon.table(run, "_icon/samples").orderBy("line").collectAsList();
    assertThat(messages.get(0).getList(messages.get(0).fieldIndex("messages"))).hasSize(2);
    assertThat(messages.get(0).isNullAt(messages.get(0).fieldIndex("instruction"))).isTrue();
    assertThat(messages.get(3).isNullAt(messages.get(3).fieldIndex("messages"))).isTrue();
  }

  @Test
  void aGivenFormatIsTakenWhateverElseARowHolds() throws IOException {
    Path both =
        Files.write(
            folder.resolve("both.jsonl"),
            List.of(
                "{\"instruction\":\"i\",\"output\":\"o\",\"prompt\":\"p\",\"completion\":\"c\"}"));
    assertThat(pool("auto", "--pool", both.toString()).get(0).getString(4)).contains("\ni\n");
    assertThat(
            pool("forced", "--pool", both.toString(), "--format", "prompt-completion")
                .get(0)
                .getString(4))
        .contains("\np\n");
  }

  @Test
  void columnsAreMappedAndOneOfThemIsTheId() throws IOException {
    Path named =
        Files.write(
            folder.resolve("named.jsonl"),
            List.of(
                "{\"key\":7,\"question\":\"q\",\"answer\":\"a\",\"output\":\"not this\"}",
                "{\"key\":\"x y\",\"question\":\"q\",\"answer\":\"a\"}",
                "{\"key\":7,\"question\":\"other\",\"answer\":\"a\"}"));
    List<Row> rows =
        pool(
            "named",
            "--pool",
            named.toString(),
            "--columns",
            "id=key,instruction=question,output=answer");
    assertThat(rows).extracting(row -> row.getString(0)).containsExactly("7", "x y");
    assertThat(rows.get(0).getString(1)).isEqualTo("q");
    assertThat(rows.get(0).getString(3)).isEqualTo("a");
  }

  private static List<Row> places(Path run) {
    return icon.table(run, "_icon/samples")
        .select("sample_id", "line")
        .orderBy("line")
        .collectAsList();
  }

  private static Dataset<Row> frame() {
    return spark.read().json(spark.createDataset(ROWS, Encoders.STRING()));
  }

  /** All that is said of the samples but where they came from, by id. */
  private static List<Row> pool(String name, String... arguments) {
    Path run = folder.resolve("run-" + name);
    LocalIcon.Outcome outcome = ingest(run, arguments);
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    return rows(run);
  }

  private static List<Row> rows(Path run) {
    return icon.table(run, "_icon/samples")
        .select(
            "sample_id",
            "instruction",
            "input",
            "output",
            "prompt",
            "response",
            "ending",
            "tokens",
            "response_tokens",
            "cut")
        .orderBy("sample_id")
        .collectAsList();
  }

  private static LocalIcon.Outcome ingest(Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("ingest", "--model", LocalIcon.RANDOM_MODEL, "--out", run.toString()));
    arguments.addAll(List.of(more));
    return icon.execute(arguments);
  }
}
