package ai.icon.spark.doctor;

import java.util.Locale;

/** Sizes for people. */
final class Bytes {
  static final long MEBIBYTE = 1L << 20;
  static final long GIBIBYTE = 1L << 30;

  private Bytes() {}

  /** In MiB, rounded up; from 10 GiB in GiB. */
  static String text(long bytes) {
    return bytes >= 10 * GIBIBYTE
        ? String.format(Locale.ROOT, "%,.1f GiB", (double) bytes / GIBIBYTE)
        : String.format(Locale.ROOT, "%,d MiB", mebibytes(bytes));
  }

  /** Whole MiB, rounded up. */
  static long mebibytes(long bytes) {
    return -Math.floorDiv(-bytes, MEBIBYTE);
  }
}
