package ai.icon.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.sample.ColumnMapping;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleReader;
import ai.icon.sample.SampleRow;
import ai.icon.spark.LocalSpark;
import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the cuts, the pieces of a file hold its rows, in order, on their lines. */
class FilePiecesIT {
  private static final String ROW = "{\"instruction\":\"%s\",\"output\":\"ü %s\"}";
  private static final String LINES =
      "\uFEFF\n \r\n"
          + ROW.formatted("a", "1")
          + "\r\n\n\n\t"
          + ROW.formatted("b", "2")
          + "\n{\"broken\": \n[1, 2]\n\uFEFF"
          + ROW.formatted("c".repeat(90), "3")
          + "\n"
          + ROW.formatted("d", "4"); // no end of line behind it

  @TempDir private static Path folder;

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5, 17, 40, 64, 120, 250, 1000})
  void thePiecesHoldTheRowsOfTheWholeOnTheirLines(long size) throws IOException {
    Source whole = source(Files.writeString(folder.resolve("lines-" + size), LINES));
    Source other = source(Files.writeString(folder.resolve("more-" + size), "\n" + LINES + "\n\n"));

    List<List<FilePiece>> pieces = pieces(size, whole, other, whole);

    List<String> rows = rows(FilePiece.whole(whole));
    assertThat(rows).hasSize(6).first().asString().startsWith("3 ");
    assertThat(pieces).hasSize(3);
    assertThat(all(pieces.get(0))).isEqualTo(rows);
    assertThat(all(pieces.get(1))).isEqualTo(rows(FilePiece.whole(other)));
    assertThat(pieces.get(2)).isEqualTo(pieces.get(0));
    assertThat(pieces.get(0)).hasSizeGreaterThan(size <= 120 ? 1 : 0);
  }

  @Test
  void anArrayAndAPackedFileAreReadWhole() throws IOException {
    Path array =
        Files.writeString(folder.resolve("array"), "\uFEFF \n[" + ROW.formatted("a", "1") + "\n]");
    Path packed = folder.resolve("packed");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(LINES.getBytes(StandardCharsets.UTF_8));
    }
    Path blank = Files.writeString(folder.resolve("blank"), "\n \n\n");

    assertThat(pieces(2, source(array), source(packed), source(blank)))
        .containsExactly(
            List.of(FilePiece.whole(source(array))),
            List.of(FilePiece.whole(source(packed))),
            List.of(FilePiece.whole(source(blank))));
  }

  private static List<List<FilePiece>> pieces(long size, Source... sources) throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setLong(FilePieces.SIZE, size);
    return new FilePieces(
            JavaSparkContext.fromSparkContext(spark.sparkContext()), new HadoopSettings(hadoop))
        .of(List.of(sources));
  }

  private static Source source(Path file) throws IOException {
    SourceFile known =
        new SourceFile(file.toString(), file.toUri().toString(), Files.size(file), 0);
    return Source.of("the pool", Source.Kind.JSON, known);
  }

  private static List<String> all(List<FilePiece> pieces) throws IOException {
    List<String> rows = new ArrayList<>();
    for (FilePiece piece : pieces) {
      rows.addAll(rows(piece));
    }
    return rows;
  }

  /** Line and content of each row, or why it is none. */
  private static List<String> rows(FilePiece piece) throws IOException {
    List<String> rows = new ArrayList<>();
    SampleParser parser = SampleParser.of("auto", ColumnMapping.none());
    try (SampleReader<SampleRow> reader =
        piece.open(new HadoopSettings(new Configuration()), parser)) {
      reader.forEachRemaining(
          row ->
              rows.add(
                  row instanceof SampleRow.Accepted accepted
                      ? accepted.sample().line() + " " + accepted.sample().raw()
                      : ((SampleRow.Rejected) row).reject().line() + " " + row));
    }
    return rows;
  }
}
