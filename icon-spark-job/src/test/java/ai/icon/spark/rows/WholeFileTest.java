package ai.icon.spark.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void publishReplacesAndLeavesNothingElse() throws IOException {
    java.nio.file.Path target = folder.resolve("part-00000.parquet");
    Path tmp = WholeFile.tmp(new Path(target.toUri()), "7");
    Files.writeString(target, "old");
    Files.writeString(java.nio.file.Path.of(tmp.toUri()), "new");

    WholeFile.publish(WholeFile.settings(new Configuration()), tmp, new Path(target.toUri()));

    assertThat(target).hasContent("new");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void unfinishedNamesAreHiddenFromReadersAndDifferByAttempt() {
    Path target = new Path("/run/pairs/part-00007.parquet");

    String name = WholeFile.tmp(target, "3").getName();

    assertThat(name).startsWith("_").doesNotEndWith(".parquet");
    assertThat(WholeFile.isTmp(name)).isTrue();
    assertThat(WholeFile.isTmp(target.getName())).isFalse();
    assertThat(WholeFile.tmp(target, "4")).isNotEqualTo(WholeFile.tmp(target, "3"));
  }
}
