package ai.icon.spark.source;

import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Cuts large files of JSON Lines at their line ends, so that several tasks read one. Where the cuts
 * lie and which line follows each is found by counting line ends, in one pass over the bytes.
 */
public final class FilePieces {
  /** About how many bytes one task reads of a file that can be cut: a setting of Hadoop. */
  static final String SIZE = "icon.read.piece";

  private static final long DEFAULT_SIZE = 128L << 20;
  private static final int BUFFER = 1 << 16;
  private static final int HEAD = 1 << 12;

  private final JavaSparkContext java;
  private final HadoopSettings hadoop;
  private final long size;

  /**
   * @param java the caller's
   * @param hadoop file system settings
   */
  public FilePieces(JavaSparkContext java, HadoopSettings hadoop) {
    this.java = java;
    this.hadoop = hadoop;
    this.size = Math.max(1, hadoop.configuration().getLongBytes(SIZE, DEFAULT_SIZE));
  }

  /**
   * A part of a file between two places that know nothing of lines.
   *
   * @param index of the source: the same file may be named twice
   */
  private record Stretch(int index, Source source, long from, long to) implements Serializable {}

  /**
   * The line ends of a stretch.
   *
   * @param first where the first one lies in the file, bytes; -1 if there is none
   */
  private record LineEnds(long count, long first) implements Serializable {}

  /**
   * The pieces of JSON sources, in the order of the sources and of their lines.
   *
   * @throws IOException if a file cannot be opened
   */
  public List<List<FilePiece>> of(List<Source> json) throws IOException {
    List<Stretch> stretches = new ArrayList<>();
    for (int index = 0; index < json.size(); index++) {
      Source source = json.get(index);
      long length = source.files().get(0).bytes();
      if (length > size && isLines(source)) {
        for (long from = 0; from < length; from += size) {
          stretches.add(new Stretch(index, source, from, Math.min(length, from + size)));
        }
      }
    }
    List<LineEnds> ends = counted(stretches);
    List<List<FilePiece>> pieces = new ArrayList<>();
    for (int index = 0; index < json.size(); index++) {
      pieces.add(pieces(index, json.get(index), stretches, ends));
    }
    return pieces;
  }

  private List<LineEnds> counted(List<Stretch> stretches) {
    if (stretches.isEmpty()) {
      return List.of();
    }
    HadoopSettings settings = hadoop;
    return java.parallelize(stretches, stretches.size())
        .map(stretch -> lineEnds(stretch, settings))
        .collect();
  }

  /** Each stretch gives the lines that begin behind its first line end, the first one its own. */
  private static List<FilePiece> pieces(
      int index, Source source, List<Stretch> stretches, List<LineEnds> ends) {
    List<FilePiece> pieces = new ArrayList<>();
    long from = 0;
    long line = 1;
    long before = 0; // line ends in the stretches before
    for (int i = 0; i < stretches.size(); i++) {
      if (stretches.get(i).index() != index) {
        continue;
      }
      LineEnds found = ends.get(i);
      if (stretches.get(i).from() > 0 && found.first() >= 0) {
        pieces.add(new FilePiece(source, from, found.first() + 1, line));
        from = found.first() + 1;
        line = before + 2;
      }
      before += found.count();
    }
    pieces.add(new FilePiece(source, from, FilePiece.END, line));
    return pieces;
  }

  private static LineEnds lineEnds(Stretch stretch, HadoopSettings hadoop) {
    long count = 0;
    long first = -1;
    try (FSDataInputStream in = FilePiece.open(stretch.source(), hadoop)) {
      in.seek(stretch.from());
      byte[] buffer = new byte[BUFFER];
      long at = stretch.from();
      while (at < stretch.to()) {
        int read = in.read(buffer, 0, (int) Math.min(BUFFER, stretch.to() - at));
        if (read < 0) {
          break; // it was cut short since it was listed, which is found out in the end
        }
        for (int i = 0; i < read; i++) {
          if (buffer[i] == '\n') {
            count++;
            first = first < 0 ? at + i : first;
          }
        }
        at += read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read " + stretch.source().name() + ": " + e.getMessage(), e);
    }
    return new LineEnds(count, first);
  }

  /** Whether a file is neither packed nor one array. */
  private boolean isLines(Source source) throws IOException {
    byte[] head = new byte[HEAD];
    int read;
    try (InputStream in = FilePiece.open(source, hadoop)) {
      read = in.readNBytes(head, 0, HEAD);
    }
    boolean isPacked = read > 1 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
    String text = new String(head, 0, Math.max(0, read), StandardCharsets.UTF_8);
    String content = text.replaceFirst("^\\uFEFF", "").replaceFirst("^[ \\t\\r\\n]+", "");
    return !isPacked && !content.isEmpty() && content.charAt(0) != '[';
  }
}
