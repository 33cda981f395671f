package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells a folder from a file with all weights, and what to do about a path that is neither. */
final class CheckpointPath {
  private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|pickle)");
  private static final String GGUF = ".gguf";
  private static final String PROGRAM = ".pt";
  private static final Pattern GGUF_PART = Pattern.compile(".*-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int NAMES_SHOWN = 8;
  private static final String USE_FOLDER =
      "Give the Hugging Face folder of the model (config.json, tokenizer.json, *.safetensors) or a"
          + " GGUF file.";

  private CheckpointPath() {}

  /**
   * Checks that a path is a folder.
   *
   * @param cache in which a model of that id was looked for
   * @throws UserError if nothing is there (a hub id is told apart) or a file is
   */
  static void requireFolder(Path path, HubCache cache) {
    if (Files.isDirectory(path)) {
      return;
    }
    if (Files.exists(path)) {
      throw notAFolder(path);
    }
    if (isHubId(path)) {
      throw new UserError(
          "Cannot open checkpoint %s: no such folder; it looks like the id of a model on a hub"
                  .formatted(path)
              + ", it is not in the cache %s, and nothing is downloaded".formatted(cache.root()),
          HubCache.download(path.toString()));
    }
    throw new UserError(
        "Cannot open checkpoint %s: no such folder".formatted(path),
        "Check the path. " + USE_FOLDER);
  }

  /**
   * The GGUF file that a path names: itself, or the only one in a folder without safetensors.
   *
   * @throws UserError if the folder holds several, or it is a part of a split file
   */
  static Optional<Path> gguf(Path path) {
    Optional<Path> found = Files.isDirectory(path) ? onlyGguf(path) : ownGguf(path);
    found.ifPresent(CheckpointPath::requireWhole);
    return found;
  }

  private static Optional<Path> ownGguf(Path path) {
    boolean isGguf =
        Files.isRegularFile(path) && (path.toString().endsWith(GGUF) || startsWith(path, "GGUF"));
    return isGguf ? Optional.of(path) : Optional.empty();
  }

  private static Optional<Path> onlyGguf(Path folder) {
    if (WeightFiles.isIn(folder)) {
      return Optional.empty();
    }
    List<String> ggufs = names(folder).stream().filter(name -> name.endsWith(GGUF)).toList();
    if (ggufs.size() > 1) {
      throw new UserError(
          "Cannot open checkpoint %s: it holds %d GGUF files: %s"
              .formatted(folder, ggufs.size(), shown(ggufs)),
          "Give the path of the one that is meant.");
    }
    return ggufs.stream().findFirst().map(folder::resolve);
  }

  /**
   * The TorchScript program that a path names: itself, or the only one in a folder without other
   * weights. A pickle of that name is none.
   */
  static Optional<Path> program(Path path) {
    if (!Files.isDirectory(path)) {
      return Optional.of(path).filter(CheckpointPath::isArchive);
    }
    if (WeightFiles.isIn(path)) {
      return Optional.empty();
    }
    List<Path> archives =
        names(path).stream().map(path::resolve).filter(CheckpointPath::isArchive).toList();
    return archives.size() == 1 ? Optional.of(archives.get(0)) : Optional.empty();
  }

  private static boolean isArchive(Path path) {
    return path.toString().endsWith(PROGRAM)
        && Files.isRegularFile(path)
        && startsWith(path, "PK\003\004");
  }

  private static void requireWhole(Path gguf) {
    Matcher part = GGUF_PART.matcher(gguf.getFileName().toString());
    if (part.matches() && !part.group(2).equals("00001")) {
      throw new UserError(
          "Cannot open checkpoint %s: it is part %s of %s of a split GGUF file"
              .formatted(gguf, part.group(1), part.group(2)),
          "Join the parts: llama-gguf-split --merge FIRST_PART WHOLE.gguf, and give the whole.");
    }
  }

  /**
   * A file of the folder that must be there.
   *
   * @throws UserError if it is not, with the given cure
   */
  static Path requireFile(Path folder, String name, String cure) {
    if (!hasFile(folder, name)) {
      throw new UserError(
          "Cannot open checkpoint %s: it has no file %s".formatted(folder, name), cure);
    }
    return folder.resolve(name);
  }

  /**
   * Whether the folder has a file of that name.
   *
   * @throws UserError if something else has the name: a folder, or a link that leads to no file
   */
  static boolean hasFile(Path folder, String name) {
    Path file = folder.resolve(name);
    if (Files.isRegularFile(file)) {
      return true;
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    String found = "something else";
    if (Files.isDirectory(file)) {
      found = "a folder";
    } else if (Files.isSymbolicLink(file)) {
      found = "a link that leads nowhere";
    }
    throw new UserError(
        "Cannot open checkpoint %s: %s must be a file, it is %s".formatted(folder, name, found),
        "Download that file again, into the folder itself.");
  }

  /** Says why a folder without safetensors weights is refused. */
  static UserError noWeights(Path folder) {
    List<String> names = names(folder);
    List<String> pickles =
        names.stream()
            .filter(name -> PICKLE.matcher(name).matches() && !name.startsWith("training_args"))
            .toList();
    if (!pickles.isEmpty()) {
      return pickle(folder, "it holds its weights as " + shown(pickles) + " only");
    }
    if (names.contains("adapter_config.json")) {
      return new UserError(
          "Cannot open checkpoint %s: it holds an adapter, not a whole model".formatted(folder),
          "Merge the adapter into its base model and give the folder of the result.");
    }
    return new UserError(
        "Cannot open checkpoint %s: it has neither model.safetensors nor %s, only %s"
            .formatted(folder, WeightFiles.INDEX, names.isEmpty() ? "nothing" : shown(names)),
        USE_FOLDER);
  }

  private static UserError notAFolder(Path path) {
    if (PICKLE.matcher(path.toString()).matches()) {
      return pickle(path, "it is a pickle");
    }
    return new UserError(
        "Cannot open checkpoint %s: it is a file, not a folder".formatted(path), USE_FOLDER);
  }

  private static boolean isHubId(Path path) {
    String text = path.toString();
    return text.contains("/") && HubCache.isId(text) && !Files.exists(path.getName(0));
  }

  private static UserError pickle(Path path, String why) {
    return new UserError(
        "Cannot open checkpoint %s: %s; no pickle is ever loaded, because loading one runs its code"
            .formatted(path, why),
        "Convert it to safetensors where you trust it: python3 -c \"from transformers import"
            + " AutoModelForCausalLM as M, AutoTokenizer as T; M.from_pretrained('DIR')"
            + ".save_pretrained('OUT', safe_serialization=True);"
            + " T.from_pretrained('DIR').save_pretrained('OUT')\"");
  }

  private static boolean startsWith(Path file, String magic) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(magic.length());
      return new String(head, StandardCharsets.ISO_8859_1).equals(magic);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw Unreadable.file(folder, e);
    } catch (UncheckedIOException e) {
      throw Unreadable.file(folder, e.getCause());
    }
  }

  private static String shown(List<String> names) {
    String more = names.size() > NAMES_SHOWN ? ", …" : "";
    return names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", ")) + more;
  }
}
