package ai.icon.spark.doctor;

import static ai.icon.spark.doctor.Bytes.GIBIBYTE;
import static ai.icon.spark.doctor.Bytes.MEBIBYTE;

/** The run folder and the model, as the driver sees them. */
final class FolderChecks {
  private static final String OUT = "run folder";
  private static final String MODEL = "model";
  private static final long LEAST_FREE = 64 * MEBIBYTE;

  private FolderChecks() {}

  static Finding out(ClusterFacts facts) {
    FolderFacts out = facts.out();
    if (out.place().isEmpty()) {
      return Finding.ok(OUT, "none named");
    }
    if (!out.isLocal()) {
      return Finding.ok(OUT, out.place() + ", not on a disk of the driver: rights unknown");
    }
    String found = out.place() + ", " + Bytes.text(out.freeBytes()) + " free";
    if (!out.isWritable()) {
      return Finding.refused(
          OUT, out.place() + " cannot be written", "Name another --out, or make it writable.");
    }
    if (out.freeBytes() < LEAST_FREE) {
      return Finding.refused(OUT, found, "Make room, or name an --out on another disk.");
    }
    return out.freeBytes() < GIBIBYTE
        ? Finding.warning(OUT, found, "Make room, or name an --out on another disk.")
        : Finding.ok(OUT, found);
  }

  static Finding model(ClusterFacts facts) {
    ModelFacts model = facts.model();
    if (!model.isGiven()) {
      return Finding.ok(MODEL, "none named");
    }
    if (!model.problem().isEmpty()) {
      return Finding.refused(MODEL, model.problem());
    }
    return Finding.ok(MODEL, model.path() + ", weights " + Bytes.text(model.weightBytes()));
  }
}
