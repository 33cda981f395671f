package ai.icon.spark.stage;

import ai.icon.contribution.Contribution;
import ai.icon.contribution.GroupWeights;
import ai.icon.contribution.PairLoss;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.RunFolder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** Contributions of a run under other group weights, from its stored pairs. */
final class StoredPairs {
  private static final String GROUPS = "map<string,double>";

  private final SparkSession spark;
  private final RunFolder folder;

  StoredPairs(SparkSession spark, RunFolder folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * The table of the contributions; the order of its rows is not defined.
   *
   * @param weights by group; the others count 1
   * @throws ai.icon.error.UserError if a group is unknown, a weight is negative or not finite, or
   *     all are 0
   */
  Dataset<Row> contributions(Map<String, Double> weights) {
    GroupWeights checked = checked(weights);
    JavaPairRDD<String, Tuple2<Integer, Boolean>> lengths =
        table(Table.CONTRIBUTIONS)
            .select(Columns.SAMPLE_ID, Columns.DEMONSTRATION_TOKENS, Columns.DEMONSTRATION_CUT)
            .javaRDD()
            .mapToPair(
                row ->
                    new Tuple2<>(row.getString(0), new Tuple2<>(row.getInt(1), row.getBoolean(2))));
    JavaRDD<Row> rows =
        table(Table.PAIRS)
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(row.<String>getAs(Columns.SAMPLE_ID), pair(row)))
            .groupByKey()
            .join(lengths)
            .map(one -> row(one._2()._1(), checked, one._2()._2()));
    return spark.createDataFrame(rows, textual()).select(typed());
  }

  /** Weights of the groups that the run has; throws as {@link #contributions}. */
  GroupWeights checked(Map<String, Double> weights) {
    return GroupWeights.of(weights, groups());
  }

  private Dataset<Row> table(Table table) {
    return Tables.read(spark, folder.table(table), table);
  }

  private Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    table(Table.ASSESSMENT)
        .select(Columns.GROUP)
        .distinct()
        .collectAsList()
        .forEach(row -> groups.add(row.getString(0)));
    return groups;
  }

  private static PairLoss pair(Row row) {
    return new PairLoss(
        row.getAs(Columns.SAMPLE_ID),
        row.getAs(Columns.ASSESSED_ID),
        row.getAs(Columns.GROUP),
        row.<Double>getAs(Columns.BASELINE_NLL),
        row.<Double>getAs(Columns.CONDITIONED_NLL),
        row.<Double>getAs(Columns.CONTROL_NLL),
        row.<Double>getAs(Columns.CONTRIBUTION));
  }

  /** A row of the table; its map as JSON, for which no Scala map is needed. */
  private static Row row(
      Iterable<PairLoss> pairs, GroupWeights weights, Tuple2<Integer, Boolean> length)
      throws JsonProcessingException {
    List<PairLoss> all = new ArrayList<>();
    pairs.forEach(all::add);
    Row row = PairScoring.row(Contribution.of(all, weights, length._1()), length._2());
    Object[] values = new Object[row.length()];
    for (int i = 0; i < values.length; i++) {
      boolean isMap = row.get(i) instanceof Map;
      values[i] = isMap ? new ObjectMapper().writeValueAsString(row.get(i)) : row.get(i);
    }
    return RowFactory.create(values);
  }

  private static StructType textual() {
    StructType textual = new StructType();
    for (var field : Table.CONTRIBUTIONS.schema().fields()) {
      boolean isMap = field.name().equals(Columns.GROUP_CONTRIBUTION);
      textual = isMap ? textual.add(field.name(), "string") : textual.add(field);
    }
    return textual;
  }

  private static Column[] typed() {
    List<Column> columns = new ArrayList<>();
    for (String name : Table.CONTRIBUTIONS.schema().fieldNames()) {
      Column column = functions.col(name);
      columns.add(
          name.equals(Columns.GROUP_CONTRIBUTION)
              ? functions.from_json(column, GROUPS, Map.of()).as(name)
              : column);
    }
    return columns.toArray(Column[]::new);
  }
}
