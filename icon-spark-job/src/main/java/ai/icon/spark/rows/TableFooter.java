package ai.icon.spark.rows;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a table comes from: what stands in the footer of each of its Parquet files. Nothing in it
 * may depend on time or machine, so that the same run gives the same footer.
 *
 * @param runId the run's fingerprint
 * @param modelFingerprint the checkpoint's fingerprint; empty where no model was used
 * @param template name of the prompt template; empty where none was used
 * @param version version of this software
 * @param extra further keys of the caller, in key order
 */
public record TableFooter(
    String runId,
    String modelFingerprint,
    String template,
    String version,
    SortedMap<String, String> extra)
    implements Serializable {
  private static final String PREFIX = "icon.";

  /** Checks that all are given and that no further key stands for one of ours. */
  public TableFooter {
    requireNonNull(runId, "runId");
    requireNonNull(modelFingerprint, "modelFingerprint");
    requireNonNull(template, "template");
    requireNonNull(version, "version");
    extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    for (String key : extra.keySet()) {
      if (key.startsWith(PREFIX)) {
        throw new IllegalArgumentException(
            "Invalid footer key: " + PREFIX + " is taken, got " + key);
      }
    }
  }

  /** A footer without further keys. */
  public TableFooter(String runId, String modelFingerprint, String template, String version) {
    this(runId, modelFingerprint, template, version, new TreeMap<>());
  }

  /** The keys and values for one table. */
  public Map<String, String> entries(Table table) {
    SortedMap<String, String> entries = new TreeMap<>(extra);
    entries.put("icon.run_id", runId);
    entries.put("icon.model_fingerprint", modelFingerprint);
    entries.put("icon.template", template);
    entries.put("icon.version", version);
    entries.put("icon.table", table.text());
    return entries;
  }
}
