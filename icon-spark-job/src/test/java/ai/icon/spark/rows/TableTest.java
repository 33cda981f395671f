package ai.icon.spark.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Map<Table, String> CONTRACT =
      Map.of(
          Table.POOL,
          "sample_id string, source string, line bigint, instruction string?, input string?,"
              + " output string?, messages array<struct<role:string,content:string>>?,"
              + " prompt string, response string, ending string, tokens int,"
              + " response_tokens int, cut boolean, raw string",
          Table.REJECTS,
          "source string, line bigint, code string, message string, raw string",
          Table.ASSESSMENT,
          "assessed_id string, group string, prompt string, response string,"
              + " response_tokens int, prompt_tokens int, prompt_cut boolean,"
              + " response_cut boolean, from_pool boolean",
          Table.BASELINE,
          "assessed_id string, baseline_nll double",
          Table.CONTROL,
          "bucket int, draw int, assessed_id string, control_nll double",
          Table.PAIRS,
          "sample_id string, assessed_id string, group string, baseline_nll double,"
              + " conditioned_nll double, control_nll double, contribution double",
          Table.CONTRIBUTIONS,
          "sample_id string, contribution double, standard_error double, finite_pairs int,"
              + " consistency double, stability double, coverage double, significance double,"
              + " demonstration_tokens int, group_contribution map<string,double>,"
              + " golden_score double, loss_ratio double, demonstration_cut boolean",
          Table.PREDICTIONS,
          "sample_id string, predicted double, tokens int",
          Table.RANKING,
          "position bigint, sample_id string, score double, measured double?, predicted double?,"
              + " origin string, tokens int",
          Table.SELECTION,
          "position bigint, sample_id string, score double, origin string");

  @Test
  void schemasAreTheContract() {
    CONTRACT.forEach((table, columns) -> assertThat(text(table.schema())).isEqualTo(columns));
    assertThat(Table.SAMPLES.schema()).isEqualTo(Table.POOL.schema());
  }

  @Test
  void foldersAreDistinctAndInternalOnesHidden() {
    assertThat(Arrays.stream(Table.values()).map(Table::folder))
        .containsExactly(
            "_icon/samples",
            "pool",
            "rejects",
            "assessment",
            "assessment_rejects",
            "baseline",
            "control",
            "pairs",
            "contributions",
            "_icon/predictions",
            "ranking",
            "selection");
  }

  @Test
  void selectionKeepsTheSamplesOwnFields() {
    StructType own =
        new StructType()
            .add("instruction", DataTypes.StringType, true)
            .add("Score", DataTypes.DoubleType, true);

    assertThat(text(Table.selection(own)))
        .isEqualTo(text(Table.SELECTION.schema()) + ", instruction string?, sample_Score double?");
  }

  @Test
  void selectionLosesNoFieldWhateverTheNames() {
    StructType own = new StructType();
    for (String name : List.of("Score", "sample_score", "score", "TEXT", "text")) {
      own = own.add(name, DataTypes.StringType);
    }

    assertThat(Table.selection(own).fieldNames())
        .endsWith(
            "sample_sample_Score",
            "sample_score",
            "sample_sample_sample_score",
            "TEXT",
            "sample_text");
  }

  @Test
  void footerRefusesKeysOfOurs() {
    TreeMap<String, String> extra = new TreeMap<>(Map.of("icon.run_id", "other"));

    assertThatThrownBy(() -> new TableFooter("run", "model", "rico", "1", extra))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid footer key: icon. is taken, got icon.run_id");
  }

  private static String text(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(
            field ->
                field.name()
                    + " "
                    + field.dataType().simpleString()
                    + (field.nullable() ? "?" : ""))
        .collect(Collectors.joining(", "));
  }
}
