package ai.icon.selection;

import ai.icon.error.UserError;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the pool is ranked by (method.md, Ranking). */
public enum RankBy {
  /** Measured and predicted contribution weighed by their variances; the default. */
  WEIGHED("expected"),
  /** The selector alone, as the paper does. */
  PREDICTED("predicted"),
  /** The measured contribution wherever there is one. */
  MEASURED("measured");

  private final String setting;

  RankBy(String setting) {
    this.setting = setting;
  }

  /** The name in settings and on the command line. */
  public String setting() {
    return setting;
  }

  /**
   * Reads a setting.
   *
   * @throws UserError if it is none of the names
   */
  public static RankBy parse(String text) {
    for (RankBy rankBy : values()) {
      if (rankBy.setting.equals(text)) {
        return rankBy;
      }
    }
    String names = Arrays.stream(values()).map(RankBy::setting).collect(Collectors.joining(", "));
    throw new UserError(
        "Invalid rank-by: must be one of " + names + ", got '" + text + "'",
        "Set --rank-by to one of " + names + ".");
  }
}
