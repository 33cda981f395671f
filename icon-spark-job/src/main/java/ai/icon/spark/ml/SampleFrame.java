package ai.icon.spark.ml;

import ai.icon.error.UserError;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleRow;
import ai.icon.spark.config.PoolConfig;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.source.RowJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A caller's data frame as a pool. The job reads it as a view whose name is a fingerprint of its
 * rows, so that a run folder knows whether it is given the same samples again.
 */
final class SampleFrame {
  /** Columns that stand beside the caller's for a while. */
  private static final String MARK = "__icon_";

  private static final String ID = MARK + "id";
  private static final String JSON = MARK + "json";
  private static final String TURN = MARK + "turn";
  private static final List<String> FIRST =
      List.of(Columns.POSITION, Columns.SAMPLE_ID, Columns.SCORE, Columns.ORIGIN, Columns.RAW);

  private final Dataset<Row> rows;
  private final String view;

  private SampleFrame(Dataset<Row> rows, String view) {
    this.rows = rows;
    this.view = view;
  }

  /**
   * Reads the frame once, for its fingerprint.
   *
   * @throws UserError if it is a stream
   */
  static SampleFrame of(Dataset<?> samples) {
    Dataset<Row> rows = samples.toDF();
    if (rows.isStreaming()) {
      throw new UserError(
          "Cannot score a stream: candidates are drawn from all rows, and a stream has no end.",
          "Give a data frame of a table or of files.");
    }
    ContentDigest digest =
        RowJson.of(rows)
            .javaRDD()
            .treeAggregate(new ContentDigest(), ContentDigest::add, ContentDigest::merge);
    return new SampleFrame(rows, "icon_pool_" + digest.hex());
  }

  /** The rows as JSON, sorted: for what a driver may hold, such as assessed examples. */
  static List<String> sortedJson(Dataset<?> examples) {
    return RowJson.of(examples).collectAsList().stream().sorted().toList();
  }

  /** The view's name, and with it the content's. */
  String view() {
    return view;
  }

  /** Whether a stage's input is this frame: its name, then the content as the stage read it. */
  boolean isNamedIn(String input) {
    return input.startsWith("table:" + view + " ");
  }

  /** Does work while the view is there. */
  <T> T whileNamed(Function<String, T> work) {
    rows.createOrReplaceTempView(view);
    try {
      return work.apply("table:" + view);
    } finally {
      rows.sparkSession().catalog().dropTempView(view);
    }
  }

  /**
   * Every row of the frame with columns of a table that has one row a sample. Rows of equal content
   * get the same; a row that is no sample of the table gets nulls.
   *
   * @param table with {@code sample_id}, which is not appended
   */
  Dataset<Row> with(Dataset<Row> table, PoolConfig pool) {
    with(rows.schema(), table.schema());
    Dataset<Row> named = table.withColumnRenamed(Columns.SAMPLE_ID, MARK + Columns.SAMPLE_ID);
    Dataset<Row> keyed = keyed(pool).drop(JSON);
    return keyed
        .join(named, keyed.col(ID).equalTo(named.col(MARK + Columns.SAMPLE_ID)), "left_outer")
        .drop(ID, MARK + Columns.SAMPLE_ID);
  }

  /**
   * The rows of a selection, each once, with the frame's own columns behind the selection's. Of
   * rows that are the same sample the one that the run took is returned.
   *
   * @param selection position, sample_id, score, origin
   * @param kept sample_id and raw of the pool
   */
  Dataset<Row> selected(Dataset<Row> selection, Dataset<Row> kept, PoolConfig pool) {
    Dataset<Row> taken =
        selection
            .join(kept, Columns.SAMPLE_ID)
            .select(
                FIRST.stream()
                    .map(name -> functions.col(name).as(MARK + name))
                    .toArray(Column[]::new));
    Dataset<Row> keyed = keyed(pool);
    Column isKept = functions.col(JSON).equalTo(functions.col(MARK + Columns.RAW));
    return keyed
        .join(taken, keyed.col(ID).equalTo(taken.col(MARK + Columns.SAMPLE_ID)))
        .withColumn(
            TURN,
            functions
                .row_number()
                .over(Window.partitionBy(ID).orderBy(isKept.desc(), functions.col(JSON))))
        .filter(functions.col(TURN).equalTo(1))
        .orderBy(MARK + Columns.POSITION)
        .select(selectionColumns());
  }

  /** The columns of a selection, those of the frame renamed where one of icon's has their name. */
  private Column[] selectionColumns() {
    String[] names = Table.selection(rows.schema()).fieldNames();
    int icons = names.length - rows.columns().length;
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String source = i < icons ? MARK + names[i] : quoted(rows.columns()[i - icons]);
      columns.add(functions.col(source).as(names[i]));
    }
    return columns.toArray(Column[]::new);
  }

  /**
   * The columns that {@link #with(Dataset, PoolConfig)} gives.
   *
   * @throws UserError if a column of the table is there already
   */
  static StructType with(StructType samples, StructType table) {
    StructType all = samples;
    for (StructField field : table.fields()) {
      if (field.name().equals(Columns.SAMPLE_ID)) {
        continue;
      }
      if (Arrays.stream(samples.fieldNames()).anyMatch(field.name()::equalsIgnoreCase)) {
        throw new UserError(
            "Cannot append column \"" + field.name() + "\": the data frame has one of that name.",
            "Rename it or drop it first.");
      }
      all = all.add(field.name(), nullable(field.dataType()), true);
    }
    return all;
  }

  /** As Spark reads it back from a file. */
  private static DataType nullable(DataType type) {
    return type instanceof MapType map
        ? DataTypes.createMapType(map.keyType(), map.valueType(), true)
        : type;
  }

  /** The rows with their id, null where a row is no sample, and themselves as JSON. */
  private Dataset<Row> keyed(PoolConfig pool) {
    SampleParser parser = SampleParser.of(pool.formatText(), pool.columns());
    UDF1<String, String> id =
        json ->
            parser.parse(ID, 1, json) instanceof SampleRow.Accepted accepted
                ? accepted.sample().id()
                : null;
    return rows.withColumn(JSON, RowJson.column())
        .withColumn(ID, functions.udf(id, DataTypes.StringType).apply(functions.col(JSON)));
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }
}
