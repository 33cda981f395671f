package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A selection carries the samples' own fields, whatever they are called and hold. */
class OwnFieldsIT {
  private static final List<String> ROWS =
      List.of(
          sample(
              "a",
              "\"note\":\"lower case\",\"int\":1,\"double\":0.5,\"flag\":true,\"text\":\"Grüße 🙂\\n\""),
          sample("b", "\"int\":-9007199254740993,\"double\":1e300,\"flag\":false,\"text\":null"),
          sample(
              "c",
              "\"score\":0.25,\"sample_score\":\"mine\",\"Score\":\"upper\",\"position\":\"p\""),
          sample("d", "\"dotted.name\":\"dot\",\"with space\":\"space\",\"it's\":\"quote\""),
          sample("e", "\"huge\":123456789012345678901234567890,\"mixed\":1"),
          sample("f", "\"mixed\":\"one\",\"nested\":{\"deep\":[{\"x\":[1,2]},{\"x\":[]}]}"),
          sample("g", "\"nothing\":null,\"empty\":{},\"list\":[],\"Note\":\"upper case\""),
          "{\"conversations\":[{\"from\":\"human\",\"value\":\"h\"},{\"from\":\"gpt\",\"value\":\"Reply.\","
              + "\"weight\":2}]}");

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static StructType schema;
  private static final Map<String, Row> BY_OUTPUT = new TreeMap<>();

  @BeforeAll
  static void select() throws IOException {
    spark = LocalIcon.session();
    LocalIcon icon = new LocalIcon(spark);
    Path pool = Files.write(folder.resolve("pool.jsonl"), ROWS);
    Path assessment =
        Files.write(
            folder.resolve("assessment.jsonl"),
            List.of("{\"instruction\":\"What?\",\"output\":\"That.\",\"group\":\"g\"}"));
    Path run = folder.resolve("run");
    LocalIcon.Outcome outcome =
        icon.execute(
            List.of(
                "run",
                "--pool",
                pool.toString(),
                "--assessment",
                assessment.toString(),
                "--model",
                LocalIcon.RANDOM_MODEL,
                "--candidates",
                "all",
                "--measure",
                "icon",
                "--selector",
                "none",
                "--rank-by",
                "measured",
                "--budget",
                "100%",
                "--out",
                run.toString()));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    schema = icon.table(run, "selection").schema();
    List<Row> rows = icon.table(run, "selection").orderBy("position").collectAsList();
    assertThat(rows).hasSize(ROWS.size());
    for (Row row : rows) {
      String output = row.getAs("output");
      BY_OUTPUT.put(output == null ? "conversation" : output, row);
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void theFourColumnsOfEverySelectionComeFirst() {
    assertThat(List.of(schema.fieldNames()).subList(0, 4))
        .containsExactly("position", "sample_id", "score", "origin");
  }

  @Test
  void plainValuesKeepTypeAndValue() {
    assertThat(type("int")).isEqualTo(DataTypes.LongType);
    assertThat(type("double")).isEqualTo(DataTypes.DoubleType);
    assertThat(type("flag")).isEqualTo(DataTypes.BooleanType);
    assertThat(type("text")).isEqualTo(DataTypes.StringType);
    assertThat(of("a", "int")).isEqualTo(1L);
    assertThat(of("a", "double")).isEqualTo(0.5);
    assertThat(of("a", "flag")).isEqualTo(true);
    assertThat(of("a", "text")).isEqualTo("Grüße 🙂\n");
    assertThat(of("b", "int")).isEqualTo(-9007199254740993L);
    assertThat(of("b", "double")).isEqualTo(1e300);
    assertThat(of("b", "text")).isNull();
    assertThat(of("c", "int")).isNull();
  }

  @Test
  void fieldsThatBearANameOfOursAreRenamedAndNoneIsLost() {
    assertThat(of("c", "sample_position")).isEqualTo("p");
    assertThat(of("c", "sample_score")).isEqualTo("mine");
    List<Object> scores =
        List.of(schema.fieldNames()).stream()
            .filter(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("score"))
            .map(name -> of("c", name))
            .toList();
    assertThat(scores).hasSize(4).contains("mine", "upper", 0.25);
    assertThat(of("g", "Note")).isEqualTo("upper case");
    assertThat(of("a", "sample_note")).isEqualTo("lower case");
  }

  @Test
  void namesWithDotSpaceOrQuoteStayAsTheyAre() {
    assertThat(of("d", "dotted.name")).isEqualTo("dot");
    assertThat(of("d", "with space")).isEqualTo("space");
    assertThat(of("d", "it's")).isEqualTo("quote");
  }

  @Test
  void numbersBeyondALongKeepTheirDigits() {
    assertThat(of("e", "huge")).hasToString("123456789012345678901234567890");
  }

  @Test
  void aFieldOfSeveralTypesBecomesText() {
    assertThat(of("e", "mixed")).isEqualTo("1");
    assertThat(of("f", "mixed")).isEqualTo("one");
  }

  @Test
  void nestedValuesStayNested() {
    Row nested = (Row) of("f", "nested");
    List<Row> deep = nested.getList(nested.fieldIndex("deep"));
    assertThat(deep).hasSize(2);
    assertThat(deep.get(0).<Long>getList(0)).containsExactly(1L, 2L);
    assertThat(deep.get(1).getList(0)).isEmpty();
    assertThat(type("conversations")).isInstanceOf(ArrayType.class);
    Row conversation = BY_OUTPUT.get("conversation");
    List<Row> turns = conversation.getList(conversation.fieldIndex("conversations"));
    assertThat(turns).hasSize(2);
    assertThat(turns.get(1).<String>getAs("value")).isEqualTo("Reply.");
    assertThat(turns.get(1).<Long>getAs("weight")).isEqualTo(2);
    assertThat(turns.get(0).isNullAt(turns.get(0).fieldIndex("weight"))).isTrue();
  }

  private static DataType type(String name) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name)) {
        return field.dataType();
      }
    }
    throw new AssertionError("No column " + name + " in " + schema.treeString());
  }

  private static Object of(String output, String name) {
    return BY_OUTPUT.get(output).get(BY_OUTPUT.get(output).fieldIndex(name));
  }

  private static String sample(String output, String fields) {
    return "{\"instruction\":\"Say " + output + "\",\"output\":\"" + output + "\"," + fields + "}";
  }
}
