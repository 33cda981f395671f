package ai.icon.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The models that the tools of Hugging Face have downloaded to this machine: a folder {@code
 * models--ORG--NAME} each, in which {@code refs/REVISION} holds a commit and {@code
 * snapshots/COMMIT} the files of it, links to {@code blobs}. Nothing is downloaded here.
 *
 * @param root the folder of the cache, which need not be there
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">The layout</a>
 */
public record HubCache(Path root) {
  private static final Pattern ID =
      Pattern.compile(
          "(?<model>(?:[A-Za-z0-9][\\w.-]*/)?[A-Za-z0-9][\\w.-]*)(?:@(?<revision>[\\w][\\w./-]*))?");

  private static final String MAIN = "main";
  private static final List<String> WEIGHTS = List.of(".safetensors", ".gguf", ".pt");
  private static final List<String> NEEDED =
      List.of(".safetensors", ".gguf", ".pt", ".json", ".jinja");

  /** Checks that it is given. */
  public HubCache {
    requireNonNull(root, "root");
  }

  /**
   * The cache that the tools would use: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, else {@code hub} in
   * HF_HOME, else {@code huggingface/hub} in XDG_CACHE_HOME or {@code ~/.cache}. What is empty
   * counts as absent.
   *
   * @param environment variables of the process
   * @param home of the user, for a leading {@code ~}
   */
  public static HubCache of(Map<String, String> environment, Path home) {
    Optional<Path> named =
        variable(environment, "HF_HUB_CACHE", home)
            .or(() -> variable(environment, "HUGGINGFACE_HUB_CACHE", home));
    Path caches = variable(environment, "XDG_CACHE_HOME", home).orElse(home.resolve(".cache"));
    Path own = variable(environment, "HF_HOME", home).orElse(caches.resolve("huggingface"));
    return new HubCache(named.orElse(own.resolve("hub")));
  }

  /** The cache of this process. */
  public static HubCache ofThisProcess() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  private static Optional<Path> variable(Map<String, String> environment, String key, Path home) {
    String value = environment.getOrDefault(key, "").strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    boolean isAtHome = value.equals("~") || value.startsWith("~/");
    return Optional.of(
        isAtHome ? home.resolve(value.substring(Math.min(2, value.length()))) : Path.of(value));
  }

  /**
   * Whether a text can be the id of a model, {@code ORG/NAME} or {@code NAME}, with or without
   * {@code @REVISION}. Relative paths of one or two names look the same.
   */
  public static boolean isId(String text) {
    return ID.matcher(text).matches() && !text.contains("..");
  }

  /**
   * The folder of a model.
   *
   * @param id {@code ORG/NAME} for the revision main, or {@code ORG/NAME@REVISION} with a branch, a
   *     tag or a commit
   * @return its snapshot; empty if the cache does not hold that model in that revision
   * @throws UserError if the snapshot was downloaded in part, with the command that completes it
   * @throws IllegalArgumentException if it is no id
   */
  public Optional<Path> find(String id) {
    Matcher parts = ID.matcher(id);
    if (!isId(id) || !parts.matches()) {
      throw new IllegalArgumentException(
          "Invalid model id: must be ORG/NAME or ORG/NAME@REVISION, got " + id);
    }
    String revision = Optional.ofNullable(parts.group("revision")).orElse(MAIN);
    Path model = root.resolve("models--" + parts.group("model").replace("/", "--"));
    Path snapshots = model.resolve("snapshots");
    Optional<Path> snapshot =
        commit(model.resolve("refs").resolve(revision))
            .or(() -> Optional.of(revision))
            .map(snapshots::resolve)
            .filter(folder -> folder.getParent().equals(snapshots) && Files.isDirectory(folder));
    snapshot.ifPresent(folder -> checkWhole(id, folder));
    return snapshot;
  }

  /** A ref holds the name of a commit; what holds anything else is no ref. */
  private static Optional<String> commit(Path ref) {
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(ref).strip()).filter(text -> text.matches("[\\w-]+"));
    } catch (IOException e) {
      throw Unreadable.file(ref, e);
    }
  }

  /** A download that was broken off leaves links to nowhere, or lacks files. */
  private static void checkWhole(String id, Path snapshot) {
    try (Stream<Path> files = Files.list(snapshot)) {
      List<Path> all = files.sorted().toList();
      List<String> lost =
          all.stream()
              .filter(file -> NEEDED.stream().anyMatch(file.toString()::endsWith))
              .filter(Files::notExists)
              .map(file -> file.getFileName().toString())
              .toList();
      boolean hasWeights =
          all.stream().anyMatch(file -> WEIGHTS.stream().anyMatch(file.toString()::endsWith));
      if (!lost.isEmpty() || !hasWeights) {
        throw new UserError(
            "Cannot open checkpoint %s: it was downloaded in part: %s %s"
                .formatted(
                    id,
                    snapshot,
                    lost.isEmpty() ? "holds no weights" : "lacks the files behind " + lost),
            download(id));
      }
    } catch (IOException e) {
      throw Unreadable.file(snapshot, e);
    } catch (UncheckedIOException e) {
      throw Unreadable.file(snapshot, e.getCause());
    }
  }

  /**
   * The folder that a user means: the local one where there is one, else the snapshot of a model of
   * that id, else the path as it is.
   *
   * @param named a path, or the id of a model
   * @throws UserError if the snapshot was downloaded in part
   */
  public Path locate(String named) {
    Path here = Path.of(named);
    return Files.exists(here) || !isId(named) ? here : find(named).orElse(here);
  }

  /** The cure for a model that is not there: how to download it. */
  static String download(String id) {
    Matcher parts = ID.matcher(id);
    if (!parts.matches()) {
      throw new IllegalArgumentException("Invalid model id: " + id);
    }
    String revision = parts.group("revision");
    return "Run 'hf download %s%s' (of the Python package huggingface_hub) and give the same id again."
        .formatted(parts.group("model"), revision == null ? "" : " --revision " + revision);
  }
}
