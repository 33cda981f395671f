package ai.icon.spark.stage;

import ai.icon.provenance.Manifest;
import ai.icon.selector.Selector;
import ai.icon.selector.SelectorReport;
import ai.icon.selector.TrainedSelector;
import ai.icon.spark.rows.FileCommit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The trained selector and its report in the run folder. */
final class SelectorFolder {
  private final Path folder;
  private final Configuration hadoop;
  private final FileSystem files;

  SelectorFolder(StageContext context) throws IOException {
    this.folder = context.folder().selector();
    this.hadoop = context.hadoop().configuration();
    this.files = folder.getFileSystem(hadoop);
  }

  void clear() throws IOException {
    files.delete(folder, true);
  }

  void save(TrainedSelector trained) throws IOException {
    put("selector.json", trained.selector()::save);
    put("report.json", new Manifest(trained.report().toMap())::write);
  }

  /** Whether there is one: none is trained where none was needed. */
  boolean exists() throws IOException {
    return files.exists(new Path(folder, "selector.json"));
  }

  Selector selector() throws IOException {
    return local("selector.json", Selector::load);
  }

  SelectorReport report() throws IOException {
    return SelectorReport.fromMap(local("report.json", Manifest::read).entries());
  }

  private void put(String name, Write write) throws IOException {
    java.nio.file.Path local = Files.createTempDirectory("icon").resolve(name);
    write.to(local);
    Path target = new Path(folder, name);
    FileCommit.of(hadoop, target).put(target, Files.readAllBytes(local));
    Files.deleteIfExists(local);
    Files.deleteIfExists(local.getParent());
  }

  private <T> T local(String name, Read<T> read) throws IOException {
    java.nio.file.Path local = Files.createTempDirectory("icon").resolve(name);
    try (InputStream in = files.open(new Path(folder, name))) {
      Files.copy(in, local);
    }
    T result = read.from(local);
    Files.deleteIfExists(local);
    Files.deleteIfExists(local.getParent());
    return result;
  }

  /** Writes a local file. */
  @FunctionalInterface
  private interface Write {
    void to(java.nio.file.Path file) throws IOException;
  }

  /** Reads a local file. */
  @FunctionalInterface
  private interface Read<T> {
    T from(java.nio.file.Path file) throws IOException;
  }
}
