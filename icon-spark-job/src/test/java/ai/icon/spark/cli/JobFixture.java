package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** The whole job in the tests' own process: the tiny model, parts of the demo's pool. */
final class JobFixture {
  /** What does not depend on how a pool's files are cut and ordered. */
  static final List<Table> RESULTS =
      List.of(Table.PAIRS, Table.CONTRIBUTIONS, Table.RANKING, Table.SELECTION);

  static final Path TINY = Path.of("../tools/tiny-icl").toAbsolutePath().normalize();
  static final Path MODEL = TINY.resolve("model");

  static {
    // Before the first logger: a failure stays readable among what Spark would log.
    System.setProperty("log4j2.configurationFile", "../conf/log4j2.properties");
  }

  private final Path place;

  JobFixture(Path place) {
    this.place = place;
  }

  /**
   * How a command ended.
   *
   * @param code exit code
   * @param out standard output
   * @param err messages of the command line
   */
  record Ended(int code, String out, String err) {
    Ended succeeded() {
      assertThat(err).isEmpty();
      assertThat(code).isZero();
      return this;
    }

    String lastLine() {
      List<String> lines = out.lines().toList();
      return lines.get(lines.size() - 1);
    }
  }

  /** Runs one command line as the process would. */
  static Ended icon(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new IconJob(
                new SparkCommands(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .execute(arguments.toArray(String[]::new));
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The first lines of the demo's pool. */
  static List<String> poolLines(int count) throws IOException {
    return head(TINY.resolve("demo/pool.jsonl"), count);
  }

  /** Every fourth assessed example of the demo, so that all six groups come in. */
  static List<String> assessedLines(int count) throws IOException {
    List<String> all = Files.readAllLines(TINY.resolve("demo/assessment.jsonl"));
    int step = all.size() / count;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(all.get(i * step));
    }
    return lines;
  }

  private static List<String> head(Path file, int count) throws IOException {
    return Files.readAllLines(file).subList(0, count);
  }

  Path path(String name) {
    return place.resolve(name);
  }

  Path write(String name, List<String> lines) throws IOException {
    return Files.write(place.resolve(name), lines);
  }

  /** A pool and an assessment file of the demo's rows, and what every command needs. */
  List<String> run(int pool, int assessed, String... more) throws IOException {
    return command(
        write("pool.jsonl", poolLines(pool)),
        write("assessment.jsonl", assessedLines(assessed)),
        more);
  }

  static List<String> command(Path pool, Path assessment, String... more) {
    return with(
        List.of(
            "run",
            "--pool",
            pool.toString(),
            "--assessment",
            assessment.toString(),
            "--model",
            MODEL.toString(),
            "--threads",
            "1",
            "--measure",
            "log",
            "--max-reject-share",
            "0.5"),
        more);
  }

  /** Later options win, as on the command line a repeated one would not be allowed to. */
  static List<String> with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    for (int i = 0; i < more.length; i += 2) {
      int at = more[i].equals("--conf") ? -1 : all.indexOf(more[i]);
      if (at < 0) {
        all.addAll(Arrays.asList(more).subList(i, i + 2));
      } else {
        all.set(at + 1, more[i + 1]);
      }
    }
    if (!all.contains("--master")) {
      all.addAll(List.of("--master", "local[2]"));
    }
    return all;
  }

  /** The same without an option and its value. */
  static List<String> without(List<String> arguments, String option) {
    List<String> all = new ArrayList<>(arguments);
    int at = all.indexOf(option);
    all.subList(at, at + 2).clear();
    return all;
  }

  /**
   * The rows of a table in the order of its files' names and of the rows in them. Doubles are
   * written with as many digits as tell them apart from all others: equal texts, equal bits.
   */
  static List<String> rows(Path run, Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    for (Path file : parquet(run, table)) {
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
              .withConf(new Configuration())
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }

  /** One column of a table's rows, in their order; missing where the row has none. */
  static List<String> column(Path run, Table table, String name) throws IOException {
    return rows(run, table).stream()
        .map(
            row ->
                row.lines()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse(""))
        .toList();
  }

  static List<Path> parquet(Path run, Table table) throws IOException {
    return files(run.resolve(table.folder())).stream()
        .filter(file -> file.toString().endsWith(".parquet"))
        .toList();
  }

  /** All files below a folder, by name. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Last change of every file below a folder but a lease, by its relative name. */
  static SortedMap<String, String> changes(Path folder) throws IOException {
    SortedMap<String, String> changes = new TreeMap<>();
    for (Path file : files(folder)) {
      String name = folder.relativize(file).toString();
      if (!name.startsWith("_icon/lease/")) {
        changes.put(name, Files.getLastModifiedTime(file).toString());
      }
    }
    return changes;
  }

  /** Two runs have given the same: every row of every result, in order, bit by bit. */
  static void assertSameResults(Path run, Path other) throws IOException {
    for (Table table : RESULTS) {
      assertThat(rows(run, table))
          .as(table.text())
          .isNotEmpty()
          .containsExactlyElementsOf(rows(other, table));
    }
    assertThat(column(run, Table.POOL, "sample_id"))
        .isEqualTo(column(other, Table.POOL, "sample_id"));
  }
}
