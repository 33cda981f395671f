package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

import ai.icon.checkpoint.HubCache;
import ai.icon.error.UserError;
import ai.icon.spark.config.ModelConfig;
import java.io.File;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/**
 * Where a checkpoint comes from, as every machine finds it: a folder that all machines see, a
 * folder that {@code --archives model.zip#model} unpacked beside each executor, a model in the
 * cache of Hugging Face's tools, or a folder on any Hadoop file system, which each machine fetches
 * once. Travels with the task.
 *
 * @param location what {@code --model} named
 * @param snapshot the folder in which the driver's cache holds the model of that id: a machine
 *     takes the same commit from its own cache, else this very folder; empty if it is no id, or the
 *     driver's cache does not hold it
 * @param cache folder of this machine for fetched checkpoints; empty for the one of {@link
 *     #cacheFolder}
 * @param hadoop settings of Hadoop that stand in no default, for locations with a scheme
 */
public record ModelSource(
    String location, String snapshot, String cache, SortedMap<String, String> hadoop)
    implements Serializable {
  /** Two letters at least: what one letter names is a drive. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** Copies the settings. */
  public ModelSource {
    requireNonNull(location, "location");
    requireNonNull(snapshot, "snapshot");
    requireNonNull(cache, "cache");
    hadoop = Collections.unmodifiableSortedMap(new TreeMap<>(hadoop));
  }

  /** As the record itself, for what need not be looked for in a hub's cache before it travels. */
  public ModelSource(String location, String cache, SortedMap<String, String> hadoop) {
    this(location, "", cache, hadoop);
  }

  /** A folder of this machine, or one that is reached without settings. */
  public static ModelSource of(ModelConfig model) {
    return new ModelSource(model.path(), model.cache(), new TreeMap<>());
  }

  /**
   * The source of a run's model.
   *
   * @param hadoop the driver's settings; those that a machine would not find by itself travel along
   */
  public static ModelSource of(ModelConfig model, Configuration hadoop) {
    return of(model, hadoop, HubCache.ofThisProcess());
  }

  static ModelSource of(ModelConfig model, Configuration hadoop, HubCache hub) {
    return new ModelSource(
        model.path(),
        snapshot(model.path(), hub),
        model.cache(),
        isRemote(model.path()) ? ownSettings(hadoop) : new TreeMap<>());
  }

  private static String snapshot(String location, HubCache hub) {
    boolean isId = HubCache.isId(location) && !Files.exists(Path.of(location));
    return isId ? hub.find(location).map(Path::toString).orElse("") : "";
  }

  private static SortedMap<String, String> ownSettings(Configuration hadoop) {
    SortedMap<String, String> own = new TreeMap<>();
    for (Map.Entry<String, String> entry : hadoop) {
      String[] sources = hadoop.getPropertySources(entry.getKey());
      boolean isDefault =
          sources != null && Arrays.stream(sources).allMatch(name -> name.endsWith("-default.xml"));
      if (!isDefault) {
        own.put(entry.getKey(), entry.getValue());
      }
    }
    return own;
  }

  private static boolean isRemote(String location) {
    return SCHEME.matcher(location).matches() && !location.startsWith("file:");
  }

  /** Whether machines fetch it into their cache. */
  public boolean isRemote() {
    return isRemote(location);
  }

  /** Where this machine keeps fetched checkpoints. */
  public Path cacheFolder() {
    return cache.isEmpty()
        ? Path.of(
            System.getProperty("java.io.tmpdir"),
            "icon-models-" + System.getProperty("user.name", "unknown"))
        : Path.of(cache);
  }

  /**
   * The folder on this machine, fetched if need be.
   *
   * @param fingerprint of the checkpoint, if it is known; empty if not
   * @throws UserError if it is nowhere, or is another one
   * @throws ai.icon.error.ResourceError if it cannot be fetched
   */
  public Path folder(String fingerprint) {
    return folder(fingerprint, HubCache.ofThisProcess());
  }

  Path folder(String fingerprint, HubCache hub) {
    if (location.startsWith("file:")) {
      return Path.of(URI.create(location).getPath());
    }
    return isRemote()
        ? new ModelCache(cacheFolder()).fetched(location, configuration(), fingerprint)
        : local(hub);
  }

  private Configuration configuration() {
    Configuration configuration = new Configuration();
    hadoop.forEach(configuration::set);
    return configuration;
  }

  /**
   * A relative path is looked for where this process works, then where Spark unpacks archives, then
   * in the caches of the hub: this machine's, the driver's.
   */
  private Path local(HubCache hub) {
    Path here = Path.of(location);
    if (here.isAbsolute() || Files.exists(here)) {
      return here;
    }
    Optional<Path> found = unpacked().or(() -> downloaded(hub));
    if (found.isEmpty() && SparkEnv.get() != null) {
      throw nowhere(here, hub);
    }
    return found.orElse(here);
  }

  private Optional<Path> unpacked() {
    return SparkEnv.get() == null
        ? Optional.empty()
        : Optional.of(new File(SparkFiles.getRootDirectory()).toPath().resolve(location))
            .filter(Files::exists);
  }

  /** The driver's commit, so that a machine whose cache is newer does not take another one. */
  private Optional<Path> downloaded(HubCache hub) {
    if (!HubCache.isId(location)) {
      return Optional.empty();
    }
    if (snapshot.isEmpty()) {
      return hub.find(location);
    }
    Path there = Path.of(snapshot);
    String commit = there.getFileName().toString();
    int at = location.indexOf('@');
    String model = at < 0 ? location : location.substring(0, at);
    Optional<Path> drivers = Optional.of(there).filter(Files::isDirectory);
    try {
      return hub.find(model + "@" + commit).or(() -> drivers);
    } catch (UserError broken) {
      // A download that was broken off here is no loss where the driver's folder is seen as well.
      return Optional.of(drivers.orElseThrow(() -> broken));
    }
  }

  private UserError nowhere(Path here, HubCache hub) {
    String places =
        here.toAbsolutePath().getParent()
            + " nor among Spark's files in "
            + SparkFiles.getRootDirectory();
    if (!HubCache.isId(location)) {
      return new UserError(
          "Cannot open checkpoint "
              + location
              + ": no such folder on this machine, neither in "
              + places,
          "Give a folder that every machine sees, a Hadoop URI, or --conf"
              + " spark.archives=model.zip#"
              + here.getName(0)
              + ".");
    }
    return new UserError(
        "Cannot open checkpoint %s: no such folder on this machine, neither in %s, nor a model of"
                .formatted(location, places)
            + " that id in the cache "
            + hub.root()
            + (snapshot.isEmpty() ? "" : ", nor the driver's " + snapshot),
        "Give a folder that every machine sees, a Hadoop URI, or --conf spark.archives=model.zip#%s;"
                .formatted(here.getName(0))
            + " or run 'hf download "
            + location.replaceFirst("@", " --revision ")
            + "' on every machine, or let all see one cache with --conf"
            + " spark.executorEnv.HF_HOME=FOLDER.");
  }
}
