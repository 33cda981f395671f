package ai.icon.spark.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Short samples without meaning, in JSON lines; the same number always gives the same sample. */
final class MadeSamples {
  private static final String[] WORDS = {
    "river", "table", "orange", "paper", "stone", "horse", "camera", "forest", "button", "bridge",
    "winter", "village", "ladder", "kitchen", "school", "city", "lamp", "train", "island", "cloud"
  };

  private MadeSamples() {}

  /** Which number of sample stands in a row. */
  @FunctionalInterface
  interface Numbering {
    /** A number from 0, or below 0 for a row that cannot be used. */
    long of(long row);
  }

  /** Writes rows {@code from} to {@code to}, exclusive. */
  static void write(Path file, long from, long to, int words, Numbering numbering)
      throws IOException {
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (long row = from; row < to; row++) {
        long number = numbering.of(row);
        lines.write(number < 0 ? "{\"instruction\": \"" + row + "\"}" : sample(number, words));
        lines.write('\n');
      }
    }
  }

  private static String sample(long number, int words) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder line = new StringBuilder("{\"instruction\": \"Write number ");
    line.append(number).append(" and these words as a list:");
    StringBuilder list = new StringBuilder();
    for (int i = 1; i <= words; i++) {
      String word = WORDS[random.nextInt(WORDS.length)];
      line.append(' ').append(word);
      list.append(i).append(". ").append(word).append(' ');
    }
    line.append("\", \"input\": \"\", \"output\": \"").append(number).append(": ").append(list);
    return line.append("\", \"group\": \"g").append(number % 5).append("\"}").toString();
  }
}
