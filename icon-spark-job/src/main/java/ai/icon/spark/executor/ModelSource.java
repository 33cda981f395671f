package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/**
 * Where a checkpoint comes from, as every machine finds it: a folder that all machines see, a
 * folder that {@code --archives model.zip#model} unpacked beside each executor, or a folder on any
 * Hadoop file system, which each machine fetches once. Travels with the task.
 *
 * @param location what {@code --model} named
 * @param cache folder of this machine for fetched checkpoints; empty for the one of {@link
 *     #cacheFolder}
 * @param hadoop settings of Hadoop that stand in no default, for locations with a scheme
 */
public record ModelSource(String location, String cache, SortedMap<String, String> hadoop)
    implements Serializable {
  /** Two letters at least: what one letter names is a drive. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** Copies the settings. */
  public ModelSource {
    requireNonNull(location, "location");
    requireNonNull(cache, "cache");
    hadoop = Collections.unmodifiableSortedMap(new TreeMap<>(hadoop));
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
    return new ModelSource(
        model.path(),
        model.cache(),
        isRemote(model.path()) ? ownSettings(hadoop) : new TreeMap<>());
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
    if (location.startsWith("file:")) {
      return Path.of(URI.create(location).getPath());
    }
    return isRemote()
        ? new ModelCache(cacheFolder()).fetched(location, configuration(), fingerprint)
        : local();
  }

  private Configuration configuration() {
    Configuration configuration = new Configuration();
    hadoop.forEach(configuration::set);
    return configuration;
  }

  /** A relative path is looked for where this process works, then where Spark unpacks archives. */
  private Path local() {
    Path here = Path.of(location);
    if (here.isAbsolute() || Files.exists(here) || SparkEnv.get() == null) {
      return here;
    }
    Path unpacked = new File(SparkFiles.getRootDirectory()).toPath().resolve(location);
    if (Files.exists(unpacked)) {
      return unpacked;
    }
    throw new UserError(
        "Cannot open checkpoint "
            + location
            + ": no such folder on this machine, neither in "
            + here.toAbsolutePath().getParent()
            + " nor among Spark's files in "
            + SparkFiles.getRootDirectory(),
        "Give a folder that every machine sees, a Hadoop URI, or --conf"
            + " spark.archives=model.zip#"
            + here.getName(0)
            + ".");
  }
}
