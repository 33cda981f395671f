package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.NodeLock;
import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * The checkpoints that this machine has fetched, each in a folder named by its fingerprint. Shared
 * by all processes of the machine: one fetches, the others wait and find it. What is there was
 * compared with its fingerprint; what was killed half way is swept by the next one.
 */
final class ModelCache {
  private static final String WEIGHTS = ".safetensors";
  private static final String ONE_FILE = "model" + WEIGHTS;
  private static final String GGUF = ".gguf";
  private static final String PROGRAM = ".pt";
  private static final double MEBIBYTE = 1 << 20;

  private final Path root;

  /**
   * @param root made if it is not there
   */
  ModelCache(Path root) {
    this.root = root;
  }

  /**
   * The folder of a checkpoint, fetched if it is not there yet.
   *
   * @param location as a Hadoop URI a folder, a GGUF file, or a TorchScript program, with which the
   *     texts beside it are fetched
   * @param fingerprint what it must be; empty if that is not known yet
   * @throws UserError if it cannot be read, is no checkpoint, or is another one
   * @throws ResourceError if it cannot be copied here
   */
  Path fetched(String location, Configuration hadoop, String fingerprint) {
    try {
      Files.createDirectories(root);
      return NodeLock.holding(
          root.resolve(digest(location) + ".lock"),
          () -> {
            Path known = root.resolve(fingerprint);
            return !fingerprint.isEmpty() && isWhole(known, fingerprint)
                ? known
                : new Fetch(location, hadoop, fingerprint).folder();
          });
    } catch (IOException e) {
      throw new ResourceError(
          "Cannot keep the checkpoint " + location + " in " + root + ": " + reason(e),
          "Name a folder that can be written, with room for the weights, with --model-cache.",
          e);
    }
  }

  private static boolean isWhole(Path folder, String fingerprint) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try {
      return Checkpoint.open(folder).fingerprint().equals(fingerprint);
    } catch (UserError e) {
      return false; // somebody changed or lost a file: it is fetched again
    }
  }

  /** One fetch, under the lock of its location. */
  private final class Fetch {
    private final String location;
    private final Configuration hadoop;
    private final String wanted;

    Fetch(String location, Configuration hadoop, String wanted) {
      this.location = location;
      this.hadoop = hadoop;
      this.wanted = wanted;
    }

    Path folder() throws IOException {
      List<FileStatus> files = files();
      // Unchanged names, sizes and times: the copy that was made of them is still good.
      Path known = root.resolve(digest(identity(files)) + ".fingerprint");
      String last = Files.exists(known) ? Files.readString(known).strip() : "";
      if (wanted.isEmpty() && !last.isEmpty() && isWhole(root.resolve(last), last)) {
        return root.resolve(last);
      }
      Path part = root.resolve(digest(location) + ".part");
      delete(part);
      try {
        Files.createDirectories(part);
        checkRoom(files);
        for (FileStatus file : files) {
          copy(file, part.resolve(file.getPath().getName()));
        }
        String found = Checkpoint.open(part).fingerprint();
        checkWanted(found);
        Path target = root.resolve(found);
        if (!isWhole(target, found)) {
          delete(target);
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.writeString(known, found);
        return target;
      } finally {
        delete(part);
      }
    }

    private List<FileStatus> files() {
      try {
        org.apache.hadoop.fs.Path named = new org.apache.hadoop.fs.Path(location);
        FileSystem system = named.getFileSystem(hadoop);
        if (location.endsWith(PROGRAM)) {
          return program(system, named);
        }
        FileStatus[] all = system.listStatus(named);
        List<String> names = Arrays.stream(all).map(file -> file.getPath().getName()).toList();
        if (names.stream().noneMatch(ModelCache::isOfWeights)) {
          throw new UserError(
              "Cannot fetch checkpoint "
                  + location
                  + ": it has neither *"
                  + WEIGHTS
                  + " nor *"
                  + GGUF
                  + ", only "
                  + names,
              "Name the Hugging Face folder of the model (config.json, tokenizer.json, *"
                  + WEIGHTS
                  + ") or its GGUF file.");
        }
        checkOneGguf(names);
        return Arrays.stream(all)
            .filter(file -> file.isFile() && isOfCheckpoint(file.getPath().getName(), names))
            .sorted(Comparator.comparing(file -> file.getPath().getName()))
            .toList();
      } catch (IOException | IllegalArgumentException e) {
        throw new UserError(
            "Cannot read checkpoint " + location + ": " + reason(e),
            "Check the URI, the rights, and that the cluster has the jars for its scheme.",
            e);
      }
    }

    /** The program itself, and the texts beside it. */
    private List<FileStatus> program(FileSystem system, org.apache.hadoop.fs.Path named)
        throws IOException {
      List<FileStatus> files = new ArrayList<>(List.of(system.getFileStatus(named)));
      for (FileStatus file : system.listStatus(named.getParent())) {
        if (file.isFile() && isText(file.getPath().getName())) {
          files.add(file);
        }
      }
      files.sort(Comparator.comparing(file -> file.getPath().getName()));
      return files;
    }

    private void checkOneGguf(List<String> names) {
      List<String> ggufs = names.stream().filter(name -> name.endsWith(GGUF)).sorted().toList();
      if (ggufs.size() > 1 && names.stream().noneMatch(name -> name.endsWith(WEIGHTS))) {
        throw new UserError(
            "Cannot fetch checkpoint "
                + location
                + ": it holds "
                + ggufs.size()
                + " GGUF files: "
                + ggufs,
            "Name the file that is meant.");
      }
    }

    private void checkRoom(List<FileStatus> files) throws IOException {
      long needed = files.stream().mapToLong(FileStatus::getLen).sum();
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < needed) {
        throw new ResourceError(
            "Cannot keep the checkpoint %s in %s: it takes %,.0f MiB, and %,.0f MiB are free"
                .formatted(location, root, needed / MEBIBYTE, free / MEBIBYTE),
            "Make room there, or name another folder with --model-cache.");
      }
    }

    private void copy(FileStatus file, Path target) throws IOException {
      FileSystem files = file.getPath().getFileSystem(hadoop);
      try (InputStream in = files.open(file.getPath())) {
        long copied = Files.copy(in, target);
        if (copied != file.getLen()) {
          throw new IOException(
              file.getPath() + " has " + file.getLen() + " bytes, but " + copied + " came");
        }
      }
    }

    private void checkWanted(String found) {
      if (!wanted.isEmpty() && !wanted.equals(found)) {
        throw new UserError(
            "Cannot use the model "
                + location
                + ": it is not the one that the run began with (fingerprint "
                + found.substring(0, 12)
                + ", was "
                + wanted.substring(0, 12)
                + ").",
            "Put the same checkpoint there again, or start a new run folder.");
      }
    }
  }

  /** As Transformers looks: the one file, else the shards; what other programs use is left. */
  private static boolean isOfCheckpoint(String name, List<String> names) {
    if (name.endsWith(WEIGHTS)) {
      return names.contains(ONE_FILE) ? name.equals(ONE_FILE) : !name.startsWith("consolidated");
    }
    if (name.endsWith(GGUF)) {
      return names.stream().noneMatch(other -> other.endsWith(WEIGHTS));
    }
    return isText(name);
  }

  private static boolean isText(String name) {
    return name.endsWith(".json") || name.endsWith(".jinja");
  }

  private static boolean isOfWeights(String name) {
    return name.endsWith(WEIGHTS) || name.endsWith(GGUF);
  }

  private static String identity(List<FileStatus> files) {
    List<String> lines = new ArrayList<>();
    for (FileStatus file : files) {
      lines.add(file.getPath() + " " + file.getLen() + " " + file.getModificationTime());
    }
    return String.join("\n", lines);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static String digest(String text) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
