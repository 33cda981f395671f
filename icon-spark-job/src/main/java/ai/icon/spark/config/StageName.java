package ai.icon.spark.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The stages of a run, in the order of the data. */
public enum StageName {
  /** Files become the pool and its rejects. */
  INGEST,
  /** The assessment set is read or drawn. */
  ASSESS,
  /** Candidates are scored in context. */
  SCORE,
  /** The selector is trained. */
  TRAIN,
  /** The whole pool is ranked. */
  RANK,
  /** The ranking is cut at the budget. */
  SELECT;

  /** The name on the command line, in folders and in the manifest: {@code ingest}, … */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All stages from the first up to and including this one, in order. */
  public List<StageName> upTo() {
    return Arrays.stream(values()).filter(stage -> stage.compareTo(this) <= 0).toList();
  }

  /** The stage of a name. */
  public static Optional<StageName> of(String text) {
    return Arrays.stream(values()).filter(stage -> stage.text().equals(text)).findFirst();
  }

  /** All names, as {@code ingest, assess, …}. */
  public static String texts() {
    return Arrays.stream(values()).map(StageName::text).collect(Collectors.joining(", "));
  }
}
