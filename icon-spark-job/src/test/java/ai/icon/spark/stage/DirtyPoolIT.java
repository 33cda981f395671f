package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool with every kind of row that cannot be used: none is lost, each says why. */
class DirtyPoolIT {
  private static final int GOOD = 1_000;
  private static final int DUPLICATES = 25;
  private static final int OVERLAP = 10;
  private static final int MAX_RAW = 4_096;

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path pool;
  private static Path assessment;
  private static final Map<Long, String> CODE_BY_LINE = new TreeMap<>();

  @BeforeAll
  static void writePool() throws IOException {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    List<byte[]> lines = new ArrayList<>();
    for (int i = 0; i < GOOD; i++) {
      lines.add(bytes(good(i)));
    }
    int at = 0;
    for (Map.Entry<String, byte[]> bad : DirtyRows.byCode().entrySet()) {
      at += 37;
      lines.add(at, bad.getValue());
      CODE_BY_LINE.put(at + 1L, bad.getKey());
    }
    for (int i = 0; i < DUPLICATES; i++) {
      lines.add(
          bytes("  {\"output\": \"Answer " + i + ".\", \"instruction\" :\"Question " + i + "?\"}"));
    }
    lines.add(bytes("   ")); // no row
    pool = folder.resolve("dirty.jsonl");
    Files.write(pool, joined(lines));
    assessment = folder.resolve("assessment.jsonl");
    List<String> assessed = new ArrayList<>();
    for (int i = 0; i < OVERLAP; i++) {
      assessed.add(good(500 + i).replace("}", ",\"group\":\"g" + i % 3 + "\"}"));
    }
    assessed.add(DirtyRows.alpaca("Another question?", "Another answer."));
    Files.write(assessment, assessed);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void everyRowIsCountedOnceAndEveryRejectSaysWhereAndWhy() throws IOException {
    Path run = folder.resolve("run");
    LocalIcon.Outcome outcome = run(run, pool, "--max-reject-share", "0.05");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertCounts(LocalIcon.manifest(run).path("counts"));
    assertThat(icon.table(run, "pool").count()).isEqualTo(GOOD - OVERLAP);
    assertThat(icon.table(run, "pool").select("sample_id").distinct().count())
        .isEqualTo(GOOD - OVERLAP);
    List<Row> first = icon.table(run, "pool").filter("instruction = 'Question 3?'").collectAsList();
    assertThat(first).hasSize(1);
    assertThat(first.get(0).<Long>getAs("line")).isEqualTo(4);
    List<Row> rejects = icon.table(run, "rejects").orderBy("line").collectAsList();
    Map<Long, String> found = new TreeMap<>();
    for (Row reject : rejects) {
      found.put(reject.<Long>getAs("line"), reject.getAs("code"));
      assertThat(reject.<String>getAs("source")).isEqualTo(pool.toString());
      assertThat(reject.<String>getAs("message")).startsWith("Cannot use row: ");
      String row =
          new String(DirtyRows.byCode().get(reject.<String>getAs("code")), StandardCharsets.UTF_8);
      assertThat(reject.<String>getAs("raw"))
          .isEqualTo(row.substring(0, Math.min(row.length(), MAX_RAW)));
    }
    assertThat(found).isEqualTo(CODE_BY_LINE).hasSizeGreaterThanOrEqualTo(15);
  }

  private static void assertCounts(JsonNode counts) {
    int bad = CODE_BY_LINE.size();
    assertThat(counts.path("read").asLong()).isEqualTo(GOOD + bad + DUPLICATES);
    assertThat(counts.path("rejects").asLong()).isEqualTo(bad);
    assertThat(counts.path("duplicates").asLong()).isEqualTo(DUPLICATES);
    assertThat(counts.path("overlap").asLong()).isEqualTo(OVERLAP);
    assertThat(counts.path("assessment").asLong()).isEqualTo(OVERLAP + 1);
    assertThat(counts.path("assessmentFromPool").asLong()).isZero();
    assertThat(counts.path("pool").asLong()).isEqualTo(GOOD - OVERLAP);
  }

  @Test
  void tooManyRejectsStopTheRunWithTheirReasonsAndMoreOfThemMayBeAllowed() {
    Path run = folder.resolve("strict");
    LocalIcon.Outcome outcome = run(run, pool, "--max-reject-share", "0.01");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains(
            "Cannot use the pool: 19 of 1044 rows were rejected, more than --max-reject-share"
                + " 0.01 allows (")
        .contains("control_characters 1, duplicate_key 1, ")
        .contains(run.resolve("rejects").toString())
        .doesNotContain("\tat ");
    assertThat(icon.table(run, "rejects").count()).isEqualTo(CODE_BY_LINE.size());
    outcome = run(run, pool, "--max-reject-share", "0.02");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(icon.table(run, "pool").count()).isEqualTo(GOOD - OVERLAP);
  }

  @Test
  void aRejectShareOnTheLimitIsAllowed() throws IOException {
    Path half = folder.resolve("half.jsonl");
    Files.write(half, List.of(good(1), "{\"instruction\":\"a\"}"));
    assertThat(run(folder.resolve("half"), half, "--max-reject-share", "0.5").code()).isZero();
  }

  @Test
  void aPoolWithoutAnyUsableRowIsRefusedWhateverTheLimit() throws IOException {
    Path none = folder.resolve("none.jsonl");
    Files.write(none, List.of("{\"instruction\":\"a\"}", "text"));
    LocalIcon.Outcome outcome = run(folder.resolve("none"), none, "--max-reject-share", "1");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains("Cannot use the pool: 2 of 2 rows were rejected")
        .contains("(invalid_json 1, missing_field 1)");
  }

  @Test
  void idsThatAreMissingAndFilesThatBreakOffAreRejectsToo() throws IOException {
    byte[] packed = gzip(List.of(withId(1), withId(2), "{\"instruction\":\"a\",\"output\":\"b\"}"));
    Path whole = Files.write(folder.resolve("whole.jsonl.gz"), packed);
    Path cut =
        Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(packed, packed.length - 6));
    byte[] damaged = packed.clone();
    damaged[packed.length - 8] ^= 1; // the checksum
    Path corrupt = Files.write(folder.resolve("corrupt.jsonl.gz"), damaged);
    Path run = folder.resolve("gzip");
    LocalIcon.Outcome outcome =
        run(
            run,
            whole,
            "--pool",
            cut.toString(),
            "--pool",
            corrupt.toString(),
            "--columns",
            "id=uid",
            "--max-reject-share",
            "0.9");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    List<String> rejects =
        icon.table(run, "rejects").collectAsList().stream()
            .map(row -> Path.of(row.getString(0)).getFileName() + ":" + row.getAs("code"))
            .toList();
    assertThat(rejects)
        .contains(
            "whole.jsonl.gz:missing_id",
            "cut.jsonl.gz:truncated_gzip",
            "corrupt.jsonl.gz:corrupt_gzip");
    JsonNode counts = LocalIcon.manifest(run).path("counts");
    assertThat(counts.path("pool").asLong()).isEqualTo(2);
    assertThat(counts.path("read").asLong())
        .isEqualTo(
            counts.path("rejects").asLong()
                + counts.path("duplicates").asLong()
                + counts.path("overlap").asLong()
                + counts.path("assessmentFromPool").asLong()
                + counts.path("pool").asLong());
  }

  private static LocalIcon.Outcome run(Path run, Path source, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--until",
                "assess",
                "--pool",
                source.toString(),
                "--assessment",
                assessment.toString(),
                "--model",
                LocalIcon.RANDOM_MODEL,
                "--out",
                run.toString()));
    arguments.addAll(List.of(more));
    return icon.execute(arguments);
  }

  private static String good(int i) {
    return DirtyRows.alpaca("Question " + i + "?", "Answer " + i + ".");
  }

  private static String withId(int i) {
    return "{\"uid\":\"row-" + i + "\"," + good(i).substring(1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(List<byte[]> lines) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      all.writeBytes(line);
      all.write('\n');
    }
    return all.toByteArray();
  }

  private static byte[] gzip(List<String> rows) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes(String.join("\n", rows)));
    }
    return packed.toByteArray();
  }
}
