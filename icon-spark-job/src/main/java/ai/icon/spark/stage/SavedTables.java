package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.TablesConfig;
import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Saves results as tables of Spark's catalogue. The run folder stays the truth: a table is a copy
 * whose properties say what of, is marked unfinished until it is whole, and is made anew where a
 * killed run left it so.
 */
final class SavedTables {
  private static final String TABLE = "icon.table";
  private static final String STAGE = "icon.stage_fingerprint";
  private static final String STATE = "icon.state";
  private static final String COMPLETE = "complete";

  private final StageContext context;
  private final SparkSession spark;
  private final List<Target> targets;

  SavedTables(StageContext context) {
    TablesConfig tables = context.config().tables();
    this.context = context;
    this.spark = context.spark();
    this.targets =
        List.of(
                new Target(Table.CONTRIBUTIONS, tables.contributions()),
                new Target(Table.SELECTION, tables.selection()))
            .stream()
            .filter(target -> !target.name().isEmpty())
            .toList();
  }

  private record Target(Table table, String name) {
    StageName stage() {
      return table == Table.SELECTION ? StageName.SELECT : StageName.SCORE;
    }

    String option() {
      boolean isSelection = table == Table.SELECTION;
      return (isSelection ? Setting.TABLES_SELECTION : Setting.TABLES_CONTRIBUTIONS).option();
    }

    UserError refused(String why, String cure) {
      return new UserError("Cannot save the " + table.text() + " as " + name + ": " + why, cure);
    }
  }

  /**
   * Refuses, before any work, names that could not be saved under after it.
   *
   * @throws UserError if there is no such database, or what has the name is not ours to replace
   */
  void check(List<StageName> stages) {
    for (Target target : targets) {
      if (stages.contains(target.stage())) {
        refuseSource(target, stages);
        refuseMissingDatabase(target);
        if (spark.catalog().tableExists(target.name())) {
          refuseForeign(target);
        }
      }
    }
  }

  /**
   * Saves what a finished stage wrote, unless it is saved already.
   *
   * @return a line on each table
   */
  List<String> save(StageName stage) throws IOException {
    StageRecord record = context.folder().record(stage).orElseThrow();
    List<String> lines = new ArrayList<>();
    for (Target target : targets) {
      if (target.stage() == stage) {
        lines.add(save(target, record));
      }
    }
    return lines;
  }

  private String save(Target target, StageRecord record) throws IOException {
    try {
      if (isSaved(target, record)) {
        return target.table().text() + " is saved as " + target.name() + " already";
      }
      write(target, record);
      return target.table().text() + " saved as " + target.name();
    } catch (Exception e) { // Spark's own are checked, but not declared.
      if (e instanceof AnalysisException) {
        throw new UserError(
            "Cannot save the " + target.table().text() + " as " + target.name() + ": " + first(e),
            "The run folder holds it whole; the same command tries again, or choose another "
                + target.option()
                + ".",
            e);
      }
      throw e;
    }
  }

  private boolean isSaved(Target target, StageRecord record) {
    if (!spark.catalog().tableExists(target.name())) {
      return false;
    }
    Map<String, String> properties = properties(target);
    return COMPLETE.equals(properties.get(STATE))
        && record.fingerprint().equals(properties.get(STAGE));
  }

  /**
   * Not one statement: catalogues of files know no replacing in one step. A reader in between finds
   * a table that says it is unfinished, or none.
   */
  private void write(Target target, StageRecord record) throws IOException {
    Dataset<Row> rows = rows(target.table());
    Map<String, String> properties = new TreeMap<>(context.footer().entries(target.table()));
    properties.put(STAGE, record.fingerprint());
    properties.put("icon.run", context.folder().root().toString());
    properties.put("icon.rows", Long.toString(rows.count()));
    properties.put(STATE, "writing");
    Fence.check(context.hadoop().configuration());
    spark.sql("DROP TABLE IF EXISTS " + target.name());
    spark.sql(
        "CREATE TABLE %s (%s) USING %s TBLPROPERTIES (%s)"
            .formatted(target.name(), rows.schema().toDDL(), provider(), text(properties)));
    rows.write().insertInto(target.name());
    spark.sql(
        "ALTER TABLE %s SET TBLPROPERTIES (%s)"
            .formatted(target.name(), text(Map.of(STATE, COMPLETE))));
  }

  /** With the sample's own fields, which {@link Table#schema} of a selection does not know. */
  private Dataset<Row> rows(Table table) {
    String[] files =
        Tables.files(spark.sparkContext().hadoopConfiguration(), context.path(table), table)
            .stream()
            .map(Path::toString)
            .toArray(String[]::new);
    return spark.read().parquet(files);
  }

  private String provider() {
    return spark.conf().get("spark.sql.sources.default");
  }

  private void refuseSource(Target target, List<StageName> stages) {
    boolean isSource =
        stages.contains(StageName.INGEST)
            && context.sources().pool(context.config().pool()).stream()
                .filter(source -> source.kind() == Source.Kind.TABLE)
                .anyMatch(source -> source.name().equalsIgnoreCase(target.name()));
    if (isSource) {
      throw target.refused("it is a table of the pool.", "Choose another " + target.option() + ".");
    }
  }

  private void refuseMissingDatabase(Target target) {
    int dot = target.name().lastIndexOf('.');
    Optional<String> database =
        dot < 0 ? Optional.empty() : Optional.of(target.name().substring(0, dot));
    if (database.isPresent() && !spark.catalog().databaseExists(database.get())) {
      throw target.refused(
          "Spark's catalogue has no database " + database.get() + ".",
          "Create it, or choose another " + target.option() + ".");
    }
  }

  private void refuseForeign(Target target) {
    String type = type(target);
    if (type.equals("VIEW") || type.equals("TEMPORARY")) {
      throw target.refused("it is a view.", "Choose another " + target.option() + ".");
    }
    if (!context.config().tables().overwrite() && !properties(target).containsKey(TABLE)) {
      throw target.refused(
          "there is such a table, and icon did not make it.",
          "Choose another " + target.option() + ", or give --overwrite-tables to replace it.");
    }
  }

  private String type(Target target) {
    try {
      return String.valueOf(spark.catalog().getTable(target.name()).tableType());
    } catch (AnalysisException e) {
      throw new UserError(
          "Cannot save as " + target.name() + ": " + first(e), "Check the name.", e);
    }
  }

  private Map<String, String> properties(Target target) {
    return spark.sql("SHOW TBLPROPERTIES " + target.name()).collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
  }

  private static String text(Map<String, String> properties) {
    return new TreeMap<>(properties)
        .entrySet().stream()
            .map(entry -> literal(entry.getKey()) + " = " + literal(entry.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String first(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
