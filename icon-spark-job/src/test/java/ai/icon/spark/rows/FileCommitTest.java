package ai.icon.spark.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.ResourceError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways over Hadoop's local file systems, with checksum files and without. */
class FileCommitTest {
  @TempDir Path place;

  static Stream<Arguments> waysAndDisks() {
    return Stream.of(
        Arguments.of("rename", LocalFileSystem.class),
        Arguments.of("rename", RawLocalFileSystem.class),
        Arguments.of("rename", PlainLocalFileSystem.class),
        Arguments.of("object", LocalFileSystem.class),
        Arguments.of("object", PlainLocalFileSystem.class));
  }

  @ParameterizedTest
  @MethodSource("waysAndDisks")
  void aFileAppearsWholeAndReplacesTheOldOne(String way, Class<? extends FileSystem> disk)
      throws IOException {
    Configuration hadoop = hadoop(way, disk);
    org.apache.hadoop.fs.Path target = at("folder/part-00000.parquet");
    FileCommit files = FileCommit.of(hadoop, target);
    for (String content : new String[] {"first", "second"}) {
      org.apache.hadoop.fs.Path staged = files.staged(target, "7");
      try (OutputStream out = staged.getFileSystem(hadoop).create(staged)) {
        out.write(content.getBytes(StandardCharsets.UTF_8));
      }
      files.publish(staged, target);
      assertThat(staged.getFileSystem(hadoop).exists(staged)).isFalse();
      assertThat(read(hadoop, target)).isEqualTo(content);
    }
    assertThat(names("folder")).containsExactly("part-00000.parquet");
  }

  @ParameterizedTest
  @MethodSource("waysAndDisks")
  void anAttemptThatEndsEarlyLeavesNothing(String way, Class<? extends FileSystem> disk)
      throws IOException {
    Configuration hadoop = hadoop(way, disk);
    org.apache.hadoop.fs.Path target = at("part-00000.parquet");
    FileCommit files = FileCommit.of(hadoop, target);
    org.apache.hadoop.fs.Path staged = files.staged(target, "7");
    staged.getFileSystem(hadoop).create(staged).close();

    files.discard(staged);
    files.discard(staged);

    assertThat(names("")).isEmpty();
    assertThat(staged.getFileSystem(hadoop).exists(staged)).isFalse();
    assertThat(files.staged(target, "8")).isNotEqualTo(files.staged(target, "7"));
  }

  @ParameterizedTest
  @MethodSource("waysAndDisks")
  void theFirstCreatesAndAnyonePuts(String way, Class<? extends FileSystem> disk)
      throws IOException {
    Configuration hadoop = hadoop(way, disk);
    org.apache.hadoop.fs.Path target = at("commits/pairs-00000.json");
    FileCommit files = FileCommit.of(hadoop, target);

    assertThat(files.createIfAbsent(target, new byte[] {'a'})).isTrue();
    assertThat(files.createIfAbsent(target, new byte[] {'b'})).isFalse();
    assertThat(read(hadoop, target)).isEqualTo("a");
    files.put(target, new byte[] {'c'});
    assertThat(read(hadoop, target)).isEqualTo("c");
    assertThat(names("commits")).containsExactly("pairs-00000.json");
  }

  @Test
  void theSchemeChoosesAndTheSettingOverrules() throws IOException {
    Configuration hadoop = new Configuration();
    assertThat(FileCommit.of(hadoop, at("x"))).isInstanceOf(RenameCommit.class);
    assertThat(FileCommit.OBJECT_STORES).contains("s3a", "abfss", "gs").doesNotContain("hdfs");
    hadoop.set(FileCommit.SETTING, "Object");
    assertThat(FileCommit.of(hadoop, at("x"))).isInstanceOf(ObjectCommit.class);
    hadoop.set(FileCommit.SETTING, "magic");
    assertThatThrownBy(() -> FileCommit.of(hadoop, at("x")))
        .hasMessage("Invalid setting icon.commit: must be auto, rename or object, got magic");
  }

  @Test
  void aFullDiskIsToldWithThePathAndLeavesNothing() throws IOException {
    Configuration hadoop = QuotaFileSystem.settings();
    for (String way : new String[] {"rename", "object"}) {
      hadoop.set(FileCommit.SETTING, way);
      org.apache.hadoop.fs.Path target =
          new org.apache.hadoop.fs.Path("quota://" + place + "/" + way + "/run.json");
      QuotaFileSystem.ROOM.set(10);
      try {
        assertThatThrownBy(() -> FileCommit.of(hadoop, target).put(target, new byte[100]))
            .isInstanceOf(ResourceError.class)
            .hasMessageContaining("/run.json: the disk is full, No space left on device")
            .hasMessageContaining("Make room there, then run the same command again");
      } finally {
        QuotaFileSystem.ROOM.set(Long.MAX_VALUE);
      }
    }
    assertThat(names("rename")).isEmpty();
  }

  private static Configuration hadoop(String way, Class<? extends FileSystem> disk) {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", disk, FileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    hadoop.set(FileCommit.SETTING, way);
    return hadoop;
  }

  private org.apache.hadoop.fs.Path at(String name) {
    return new org.apache.hadoop.fs.Path(place.resolve(name).toUri());
  }

  private static String read(Configuration hadoop, org.apache.hadoop.fs.Path file)
      throws IOException {
    try (var in = file.getFileSystem(hadoop).open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Names in a folder, checksum files left out. */
  private java.util.List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(place.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
