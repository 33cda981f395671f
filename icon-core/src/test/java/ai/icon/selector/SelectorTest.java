package ai.icon.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
  @TempDir Path folder;

  private final Selector selector =
      new Selector(
          SelectorKind.PROBE,
          new RidgeModel(
              new double[] {0.1 + 0.2, -1e-300},
              1.0 / 3,
              new double[] {Math.PI, -0.0},
              new double[] {1e10, Double.MIN_NORMAL},
              12.5,
              Double.NaN));

  @Test
  void selectorIsReadAsItWasSaved() throws IOException {
    Path file = folder.resolve("selector.json");
    selector.save(file);
    assertThat(Selector.load(file)).isEqualTo(selector);
    byte[] first = Files.readAllBytes(file);
    Selector.load(file).save(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Test
  void floatsAndDoublesPredictTheSame() {
    assertThat(selector.predicted(new float[] {1.5f, 2}))
        .isEqualTo(selector.predicted(new double[] {1.5, 2}));
    assertThat(selector.dimension()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "icon-selector|other|it is no selector",
        "\"version\":1|\"version\":2|its version must be 1, got 2",
        "\"dimension\":2|\"dimension\":3|dimension and weights must agree, got 3 and 2",
        "12.5|\"x\"|penalty must be numbers, got \"x\"",
        "\"scale\":[1.0E10,|\"scale\":[|weights, mean and scale must have one length",
        "probe|other|must be one of probe, ngram, got 'other'",
        "{|[|it is not JSON"
      })
  void foreignFileIsRefused(String part, String replacement, String why) throws IOException {
    Path file = folder.resolve("selector.json");
    selector.save(file);
    String saved = Files.readString(file);
    assertThat(saved).contains(part);
    Files.writeString(file, saved.replace(part, replacement));
    assertThatThrownBy(() -> Selector.load(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(why);
  }

  @Test
  void missingOrEmptyFileIsRefused() throws IOException {
    Path missing = folder.resolve("missing.json");
    assertThatThrownBy(() -> Selector.load(missing))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read selector " + missing + ": no such file");
    Path empty = Files.createFile(folder.resolve("empty.json"));
    assertThatThrownBy(() -> Selector.load(empty))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it is no selector");
  }
}
