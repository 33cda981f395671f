package ai.icon.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir Path folder;

  @Test
  void entriesKeepTheirOrderAndMapsWithoutOneAreSorted() {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("z", 1);
    entries.put("a", Map.of("y", 1, "x", 2, "w", 3));
    entries.put("list", List.of("p", "q"));
    assertThat(new Manifest(entries).json())
        .isEqualTo(
            """
            {
              "z" : 1,
              "a" : {
                "w" : 3,
                "x" : 2,
                "y" : 1
              },
              "list" : [ "p", "q" ]
            }
            """);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("tenth", 0.1 + 0.2);
    entries.put("tiny", Double.MIN_VALUE);
    entries.put("big", Long.MAX_VALUE);
    entries.put("small", 7);
    entries.put("nan", Double.NaN);
    entries.put("infinite", Double.NEGATIVE_INFINITY);
    entries.put("array", new double[] {1.5, Double.NaN});
    entries.put("decimal", new BigDecimal("0.15"));
    entries.put("counts", new Counts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
    Manifest manifest = new Manifest(entries);
    Path file = folder.resolve("manifest.json");
    manifest.write(file);
    Manifest read = Manifest.read(file);
    assertThat(read).isEqualTo(manifest);
    assertThat(read.json()).isEqualTo(Files.readString(file));
    assertThat(new Manifest(read.entries()).json()).isEqualTo(read.json());
    assertThat(read.entries())
        .containsEntry("tenth", 0.1 + 0.2)
        .containsEntry("tiny", Double.MIN_VALUE)
        .containsEntry("nan", null)
        .containsEntry("infinite", "-Infinity")
        .containsEntry("big", Long.MAX_VALUE)
        .containsEntry("small", 7L);
    assertThat(read.json()).contains("\"read\" : 1,\n    \"rejects\" : 2,\n    \"duplicates\" : 3");
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".part"));
  }

  @Test
  void whatIsNoObjectIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("list.json"), "[1]");
    assertThatThrownBy(() -> Manifest.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read " + file + ": a JSON object was expected");
  }
}
