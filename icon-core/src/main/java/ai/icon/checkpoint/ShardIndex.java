package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which shard holds which tensor: the weight_map of {@code model.safetensors.index.json}.
 *
 * @param file the index
 * @param shardOf shard by tensor name, in the order of the names
 */
record ShardIndex(Path file, Map<String, Path> shardOf) {
  /** The index is not trusted: its names must not lead out of the folder. */
  private static final Pattern PLAIN_NAME =
      Pattern.compile("[A-Za-z0-9][\\w .+=@-]*\\.safetensors");

  private static final String CURE = "Take index and shards from the same download.";

  ShardIndex {
    shardOf = Collections.unmodifiableMap(new TreeMap<>(shardOf));
  }

  /**
   * Reads an index and checks that its shards are there.
   *
   * @throws UserError if it is malformed, names a shard outside the folder, or one is missing
   */
  static ShardIndex read(Path file) {
    JsonNode weightMap = JsonFile.object(file).path("weight_map");
    if (!weightMap.isObject() || weightMap.isEmpty()) {
      throw new UserError(
          "Cannot read %s: weight_map must be an object {tensor: shard} with entries"
              .formatted(file),
          CURE);
    }
    Map<String, Path> shardOf = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : weightMap.properties()) {
      shardOf.put(field.getKey(), shard(file, field.getKey(), field.getValue()));
    }
    checkPresent(file, new TreeSet<>(shardOf.values()));
    return new ShardIndex(file, shardOf);
  }

  /** The shards, in the order of their names. */
  List<Path> shards() {
    return List.copyOf(new TreeSet<>(shardOf.values()));
  }

  /**
   * Checks that each tensor is in the shard that the index names.
   *
   * @throws UserError naming tensor and shard
   */
  void check(Map<Path, SafetensorsFile> shards) {
    shardOf.forEach(
        (name, path) -> {
          SafetensorsFile shard = shards.get(path);
          if (!shard.tensors().containsKey(name) && !shard.unsupported().containsKey(name)) {
            throw new UserError(
                "Cannot open checkpoint: %s says that %s holds tensor '%s', but it does not"
                    .formatted(file, path.getFileName(), name),
                CURE);
          }
        });
  }

  private static Path shard(Path file, String tensor, JsonNode name) {
    if (!name.isTextual() || !PLAIN_NAME.matcher(name.textValue()).matches()) {
      throw new UserError(
          "Cannot read %s: the shard of tensor '%s' must be the plain name of a .safetensors file"
                  .formatted(file, tensor)
              + " in the same folder, got "
              + name,
          CURE);
    }
    return file.resolveSibling(name.textValue());
  }

  private static void checkPresent(Path file, TreeSet<Path> shards) {
    List<Path> missing = new ArrayList<>();
    for (Path shard : shards) {
      if (!Files.isRegularFile(shard)) {
        missing.add(shard.getFileName());
      }
    }
    if (!missing.isEmpty()) {
      throw new UserError(
          "Cannot open checkpoint: %d of %d shards that %s names are missing: %s"
              .formatted(missing.size(), shards.size(), file, missing),
          "Download the missing shards into the same folder.");
    }
  }
}
