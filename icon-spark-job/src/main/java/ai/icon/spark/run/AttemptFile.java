package ai.icon.spark.run;

import ai.icon.error.UserError;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** How one attempt at a run ended: {@code _icon/attempts/ID.json}, a {@link RunStatus}. */
final class AttemptFile {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private AttemptFile() {}

  static Path of(Path root, String id) {
    if (!ID.matcher(id).matches()) {
      throw new UserError(
          "Invalid id of an attempt: must be 1 to 100 letters, digits, dots, dashes or"
              + " underscores, got "
              + id,
          "Give another with --attempt or spark.icon.attempt");
    }
    return new Path(root, "_icon/attempts/" + id + ".json");
  }
}
