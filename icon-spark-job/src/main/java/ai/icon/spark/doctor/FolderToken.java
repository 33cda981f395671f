package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small file in the run folder that executors read and answer with a file of their own: only who
 * sees the same folder can do both. The driver takes all of it away again, and the folder as well
 * if it was not there before.
 */
final class FolderToken implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String NAME = "_tmp.doctor-";

  private final String folder;
  private final String name;
  private final HadoopSettings hadoop;

  private FolderToken(String folder, String name, HadoopSettings hadoop) {
    this.folder = requireNonNull(folder, "folder");
    this.name = requireNonNull(name, "name");
    this.hadoop = requireNonNull(hadoop, "hadoop");
  }

  /** No folder to look at: every answer is content. */
  static FolderToken none(Configuration hadoop) {
    return new FolderToken("", "", new HadoopSettings(hadoop));
  }

  static FolderToken in(String folder, Configuration hadoop) {
    return new FolderToken(folder, NAME + UUID.randomUUID(), new HadoopSettings(hadoop));
  }

  /** What asks the executors by way of a token that lies in the folder. */
  interface Question<T> {
    T ask(FolderToken token) throws IOException;
  }

  /**
   * Puts the token, asks, and takes everything away.
   *
   * @throws IOException if the driver itself cannot write there, or as the question does
   */
  <T> T laidOut(Question<T> question) throws IOException {
    if (folder.isEmpty()) {
      return question.ask(this);
    }
    Path root = new Path(folder);
    FileSystem files = root.getFileSystem(hadoop.configuration());
    boolean isNew = !files.exists(root);
    files.mkdirs(root);
    try {
      write(files, new Path(root, name));
      return question.ask(this);
    } finally {
      takeAway(files, root, isNew);
    }
  }

  private void takeAway(FileSystem files, Path root, boolean isNew) throws IOException {
    for (FileStatus file : files.listStatus(root)) {
      if (file.getPath().getName().startsWith(name)) {
        files.delete(file.getPath(), false);
      }
    }
    if (isNew && files.listStatus(root).length == 0) {
      files.delete(root, false);
    }
  }

  /**
   * On an executor: reads the token and writes an answer beside it.
   *
   * @param who what tells the answers apart
   * @return why that was not possible, or empty
   */
  String answer(String who) {
    if (folder.isEmpty()) {
      return "";
    }
    Path token = new Path(folder, name);
    try {
      FileSystem files = token.getFileSystem(hadoop.configuration());
      if (!files.exists(token)) {
        return "what the driver wrote to it is not there";
      }
      write(files, token.suffix("." + who));
      return "";
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }

  private static void write(FileSystem files, Path file) throws IOException {
    try (OutputStream out = files.create(file, true)) {
      out.write("icon doctor\n".getBytes(StandardCharsets.UTF_8));
    }
  }
}
