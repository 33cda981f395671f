package ai.icon.spark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptTest {
  private static final Receipt RECEIPT = new Receipt(2, "out\n", "icon: Cannot\n  Mend it.\n");

  @TempDir Path place;

  @Test
  void itIsReadOnceAndLeavesNothing() throws IOException {
    Path run = place.resolve("a run");
    String file = Receipt.file(run.toString(), "id");

    RECEIPT.write(file, new Configuration());

    assertThat(Receipt.take(file, new Configuration())).contains(RECEIPT);
    assertThat(Receipt.take(file, new Configuration())).isEmpty();
    assertThat(run).doesNotExist();
  }

  @Test
  void aRunsFilesStay() throws IOException {
    Path status = Files.createDirectories(place.resolve("run/_icon")).resolve("status.json");
    Files.writeString(status, "{}");
    String file = Receipt.file(place.resolve("run").toString(), "id");

    RECEIPT.write(file, new Configuration());
    assertThat(Receipt.take(file, new Configuration())).contains(RECEIPT);

    assertThat(status).exists();
    assertThat(status.resolveSibling("submissions")).doesNotExist();
  }

  @Test
  void nothingIsWrittenIntoAFolderThatIsNoRun() throws IOException {
    Files.writeString(place.resolve("thesis.txt"), "x");
    String file = Receipt.file(place.toString(), "id");

    RECEIPT.write(file, new Configuration());

    assertThat(place).isDirectoryContaining("glob:**thesis.txt");
    assertThat(place.resolve("_icon")).doesNotExist();
    assertThat(Receipt.take(file, new Configuration())).isEmpty();
  }
}
