package ai.icon.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds docs/configuration.md to the settings: a row each, with its option and its meaning. */
class SettingsPageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySettingHasARowWithItsOptionAndMeaning(Setting setting) throws IOException {
    String option = setting.option() + " " + setting.label().replace("|", "\\|");
    String meaning = SettingLayers.defaults().comment(setting);

    assertThat(rows())
        .filteredOn(row -> row.startsWith("| `" + setting.key() + "` |"))
        .singleElement()
        .asString()
        .startsWith("| `" + setting.key() + "` | `" + option + "` | ")
        .endsWith(" | " + meaning + " |");
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everyRowShowsTheDefault(Setting setting) throws IOException {
    String shown = SettingLayers.defaults().shown(setting);
    boolean isPlain = !setting.isList() && !setting.isTable();
    String cell = isPlain && shown.isEmpty() ? "empty" : isPlain ? "`" + shown + "`" : "none";

    assertThat(rows())
        .filteredOn(row -> row.startsWith("| `" + setting.key() + "` |"))
        .singleElement()
        .asString()
        .contains("` | " + cell + " | ");
  }

  @Test
  void noRowIsOfASettingThatIsNotThere() throws IOException {
    assertThat(rows())
        .filteredOn(row -> row.startsWith("| `icon."))
        .hasSize(Setting.values().length);
  }

  private static List<String> rows() throws IOException {
    return Files.readAllLines(PAGE);
  }
}
