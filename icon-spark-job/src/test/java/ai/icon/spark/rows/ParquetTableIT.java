package ai.icon.spark.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.icon.error.UserError;
import ai.icon.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableIT {
  private static final Configuration HADOOP = new Configuration();
  private static SparkSession spark;

  @TempDir java.nio.file.Path folder;

  private final ParquetTableWriter writer =
      new ParquetTableWriter(
          HADOOP,
          new TableFooter(
              "run-1", "model-1", "rico", "0.1.0", new TreeMap<>(Map.of("note", "hällo"))));

  @BeforeAll
  static void open() {
    spark = LocalSpark.open();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @Test
  void sparkReadsWhatWasWritten() throws IOException {
    Row instruction = sample("a", "Übersetze 🙂", null);
    Row conversation =
        sample(
            "b",
            null,
            List.of(RowFactory.create("user", "hi\n"), RowFactory.create("assistant", "日本")));
    Row empty = sample("c", "", List.of());

    long count = write("part-00000.parquet", Table.POOL, instruction, conversation, empty);

    assertThat(count).isEqualTo(3);
    List<Row> rows = Tables.readInOrder(spark, path(), Table.POOL);
    assertThat(rows)
        .extracting(row -> row.getString(0), row -> row.getString(3), row -> row.getInt(10))
        .containsExactly(tuple("a", "Übersetze 🙂", 7), tuple("b", null, 7), tuple("c", "", 7));
    assertThat(rows.get(0).isNullAt(6)).isTrue();
    assertThat(rows.get(1).<Row>getList(6))
        .containsExactly(RowFactory.create("user", "hi\n"), RowFactory.create("assistant", "日本"));
    assertThat(rows.get(2).<Row>getList(6)).isEmpty();
  }

  @Test
  void mapsAndSpecialNumbersSurvive() throws IOException {
    Map<String, Double> groups = new LinkedHashMap<>();
    groups.put("z", Double.NaN);
    groups.put("a", -0.0);

    write(
        "part-00000.parquet",
        Table.CONTRIBUTIONS,
        contribution("a", groups, Double.NEGATIVE_INFINITY),
        contribution("b", Map.of(), Math.nextUp(0.1)));

    List<Row> rows = Tables.readInOrder(spark, path(), Table.CONTRIBUTIONS);
    Map<String, Double> read = rows.get(0).getJavaMap(9);
    assertThat(read).containsOnlyKeys("a", "z").containsEntry("z", Double.NaN);
    assertThat(rows.get(0).getDouble(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(rows.get(1).getDouble(1)).isEqualTo(Math.nextUp(0.1));
    assertThat(rows.get(1).getJavaMap(9)).isEmpty();
  }

  @Test
  void everyOtherTypeSurvives() throws IOException {
    StructType schema =
        new StructType()
            .add("f", DataTypes.FloatType)
            .add("b", DataTypes.BinaryType)
            .add("nested", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.LongType)))
            .add(
                "s",
                new StructType().add("x", DataTypes.IntegerType).add("y", Table.PAIRS.schema()));
    Row row =
        RowFactory.create(
            1.5f,
            new byte[] {0, -1},
            Arrays.asList(List.of(1L, 2L), null, Arrays.asList(3L, null)),
            RowFactory.create(null, RowFactory.create("i", "j", "g", 1.0, 2.0, 3.0, 4.0)));

    writer.write(new Path(path(), "one.parquet"), Table.SELECTION, schema, List.of(row).iterator());

    Row read = Tables.readInOrder(spark, path(), Table.SELECTION, schema).get(0);
    assertThat(read.getFloat(0)).isEqualTo(1.5f);
    assertThat((byte[]) read.get(1)).containsExactly(0, -1);
    assertThat(read.getStruct(3).isNullAt(0)).isTrue();
    assertThat(read.getStruct(3).getStruct(1).getDouble(6)).isEqualTo(4.0);

    // A row that Spark made goes back into a file as it is.
    writer.write(
        new Path(path(), "two.parquet"), Table.SELECTION, schema, List.of(read).iterator());
    assertThat(Files.readAllBytes(folder.resolve("two.parquet")))
        .isEqualTo(Files.readAllBytes(folder.resolve("one.parquet")));
  }

  @Test
  void sameRowsGiveTheSameBytesWhateverTheMapsOrder() throws IOException {
    Map<String, Double> forward = new LinkedHashMap<>();
    Map<String, Double> backward = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      forward.put("group" + i, i / 3.0);
      backward.put("group" + (49 - i), (49 - i) / 3.0);
    }

    write("first.parquet", Table.CONTRIBUTIONS, contribution("a", forward, 1.0));
    write("second.parquet", Table.CONTRIBUTIONS, contribution("a", backward, 1.0));

    assertThat(Files.readAllBytes(folder.resolve("second.parquet")))
        .isEqualTo(Files.readAllBytes(folder.resolve("first.parquet")));
  }

  @Test
  void footerSaysWhereTheRowsComeFrom() throws IOException {
    write("part-00000.parquet", Table.BASELINE, RowFactory.create("s", 1.0));

    Path file = new Path(path(), "part-00000.parquet");
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, HADOOP))) {
      assertThat(reader.getFileMetaData().getKeyValueMetaData())
          .containsEntry("icon.run_id", "run-1")
          .containsEntry("icon.model_fingerprint", "model-1")
          .containsEntry("icon.template", "rico")
          .containsEntry("icon.version", "0.1.0")
          .containsEntry("icon.table", "baseline")
          .containsEntry("note", "hällo");
      assertThat(reader.getFileMetaData().getSchema().toString())
          .contains("required binary assessed_id (STRING)", "required double baseline_nll");
    }
  }

  @Test
  void rowsComeBackFileByFileInTheOrderOfNames() throws IOException {
    write("part-00001.parquet", Table.BASELINE, RowFactory.create("c", 3.0));
    write(
        "part-00000.parquet",
        Table.BASELINE,
        RowFactory.create("z", 1.0),
        RowFactory.create("a", 2.0));

    assertThat(Tables.readInOrder(spark, path(), Table.BASELINE))
        .extracting(row -> row.getString(0))
        .containsExactly("z", "a", "c");
  }

  @Test
  void manyRowsKeepTheirOrderAcrossRowGroupsAndSplits() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      rows.add(RowFactory.create("id" + (i * 7919L) % 1_000_003, (double) i));
    }
    writer.write(
        new Path(path(), "part.parquet"), Table.BASELINE, Table.BASELINE.schema(), rows.iterator());
    spark.conf().set("spark.sql.files.maxPartitionBytes", "200000");
    try {
      assertThat(Tables.readInOrder(spark, path(), Table.BASELINE)).isEqualTo(rows);
    } finally {
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void whatAKilledWriterLeftIsNotRead() throws IOException {
    write("part-00000.parquet", Table.BASELINE, RowFactory.create("a", 1.0));
    Files.writeString(folder.resolve("_tmp.part-00001.parquet.9"), "PAR1 half");

    assertThat(Tables.read(spark, path(), Table.BASELINE).count()).isEqualTo(1);
    assertThat(spark.read().parquet(folder.toString()).count()).isEqualTo(1);
  }

  @Test
  void aRetryReplacesTheFile() throws IOException {
    write("part-00000.parquet", Table.BASELINE, RowFactory.create("a", 1.0));
    write("part-00000.parquet", Table.BASELINE, RowFactory.create("b", 2.0));

    assertThat(Tables.readInOrder(spark, path(), Table.BASELINE))
        .containsExactly(RowFactory.create("b", 2.0));
    assertThat(folder).isDirectoryNotContaining("glob:**{_tmp,.crc}*");
  }

  @Test
  void aRowThatDoesNotFitNamesItsColumnAndLeavesNoFile() throws IOException {
    assertRefused(
        "Cannot write column baseline_nll: expected Double, got String one",
        Table.BASELINE,
        RowFactory.create("a", "one"));
    assertRefused(
        "Cannot write column assessed_id: it must not be null",
        Table.BASELINE,
        RowFactory.create(null, 1.0));
    assertRefused(
        "Cannot write row: its schema has 2 fields (assessed_id, baseline_nll), got 1",
        Table.BASELINE,
        RowFactory.create("a"));
    assertRefused(
        "Cannot write column messages.element.content: it must not be null",
        Table.POOL,
        sample("a", null, List.of(RowFactory.create("user", null))));
    assertRefused(
        "Cannot write column messages: expected List, got String hi",
        Table.POOL,
        sample("a", null, "hi"));
    assertRefused(
        "Cannot write column group_contribution.value: it must not be null",
        Table.CONTRIBUTIONS,
        contribution("a", Collections.singletonMap("g", null), 1.0));
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void unknownTypesAreRefusedByName() {
    StructType schema = new StructType().add("day", DataTypes.DateType);

    assertThatThrownBy(
            () ->
                writer.write(
                    new Path(path(), "x"), Table.SELECTION, schema, Collections.emptyIterator()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot write column day: type date is none of string");
  }

  @Test
  void aMissingTableIsTheUsersToMend() throws IOException {
    Files.createDirectory(folder.resolve("empty"));
    Path empty = new Path(path(), "empty");
    Path none = new Path(path(), "none");

    assertThatThrownBy(() -> Tables.read(spark, empty, Table.PAIRS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read table pairs: no file is in folder " + empty)
        .hasMessageContaining("Run the stage that writes it first");
    assertThatThrownBy(() -> Tables.readInOrder(spark, none, Table.PAIRS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read table pairs: there is no folder " + none);
  }

  private void assertRefused(String message, Table table, Row row) {
    assertThatThrownBy(() -> write("bad.parquet", table, row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private long write(String name, Table table, Row... rows) throws IOException {
    return writer.write(
        new Path(path(), name), table, table.schema(), Arrays.asList(rows).iterator());
  }

  private Path path() {
    return new Path(folder.toUri());
  }

  private static Row sample(String id, String instruction, Object messages) {
    return RowFactory.create(
        id, "f.json", 3L, instruction, null, null, messages, "p", "r", "", 7, 2, false, "{}");
  }

  private static Row contribution(String id, Map<String, Double> groups, double value) {
    return RowFactory.create(id, value, 0.1, 4, 0.5, 0.2, 0.1, 0.9, 12, groups, 0.5, 1.1, false);
  }
}
