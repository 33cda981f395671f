package ai.icon.spark.fault;

import ai.icon.spark.rows.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a run has made: the bytes of every file of its tables and of its selector.
 *
 * @param files hash by name, relative to the run folder
 */
record RunContent(SortedMap<String, String> files) {
  RunContent {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** The content of a run folder on a local disk. */
  static RunContent of(Path run) throws IOException {
    List<Path> folders =
        Stream.concat(
                Arrays.stream(Table.values()).map(Table::folder),
                Stream.of("selector/selector.json"))
            .map(run::resolve)
            .toList();
    SortedMap<String, String> files = new TreeMap<>();
    for (Path folder : folders) {
      if (Files.exists(folder)) {
        try (Stream<Path> all = Files.walk(folder)) {
          for (Path file : all.filter(Files::isRegularFile).toList()) {
            files.put(run.relativize(file).toString(), hash(file));
          }
        }
      }
    }
    return new RunContent(files);
  }

  /** The names of the files in which two runs differ. */
  List<String> differences(RunContent other) {
    SortedMap<String, String> all = new TreeMap<>(files);
    all.putAll(other.files);
    return all.keySet().stream()
        .filter(name -> !files.getOrDefault(name, "").equals(other.files.getOrDefault(name, "")))
        .toList();
  }

  private static String hash(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
