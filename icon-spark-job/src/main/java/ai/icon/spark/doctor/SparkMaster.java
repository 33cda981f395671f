package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A Spark master's address, sorted by what it means for executors.
 *
 * @param text as it was given
 * @param kind what it is; {@link Kind#UNKNOWN} for what is none
 */
record SparkMaster(String text, Kind kind) {
  private static final String SPARK = "spark://";
  private static final String HOST = "(?:\\[[0-9A-Fa-f:.%]+\\]|[^:,/\\s\\[\\]]+):\\d{1,5}";

  SparkMaster {
    requireNonNull(text, "text");
    requireNonNull(kind, "kind");
  }

  /** Kinds of masters. */
  enum Kind {
    LOCAL("local(\\[(\\*|[1-9]\\d*)(\\s*,\\s*[1-9]\\d*)?\\])?"),
    LOCAL_CLUSTER("local-cluster\\[\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+\\s*\\]"),
    STANDALONE("spark://" + HOST + "(," + HOST + ")*"),
    YARN("yarn"),
    KUBERNETES("k8s://\\S+"),
    UNKNOWN(".*");

    private final Pattern form;

    Kind(String form) {
      this.form = Pattern.compile(form, Pattern.DOTALL);
    }
  }

  static SparkMaster of(String text) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(some -> some.form.matcher(text).matches())
            .findFirst()
            .orElseThrow();
    return new SparkMaster(text, kind);
  }

  /** Whether tasks run in the driver's own process. */
  boolean isLocal() {
    return kind == Kind.LOCAL;
  }

  /** Threads of a local master that names a number; a bare {@code local} has one. */
  OptionalInt threads() {
    if (!isLocal() || text.contains("*")) {
      return OptionalInt.empty();
    }
    String number = text.replaceFirst("local\\[?(\\d*).*", "$1");
    return OptionalInt.of(number.isEmpty() ? 1 : Integer.parseInt(number));
  }

  /** Whether a container's limit counts memory outside of the heap. */
  boolean limitsMemory() {
    return kind == Kind.YARN || kind == Kind.KUBERNETES;
  }

  /** host:port of each standalone master; empty for other kinds. */
  List<String> addresses() {
    return kind == Kind.STANDALONE
        ? List.of(text.substring(SPARK.length()).split(",", -1))
        : List.of();
  }
}
