package ai.icon.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleReaderTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", " \r\n\t", "[]", " [ ]\n", "\uFEFF", "\uFEFF[]"})
  void aFileWithoutRowsHasNone(String file) {
    assertThat(Rows.read(file)).isEmpty();
    assertThat(Rows.read(Rows.gzip(file))).isEmpty();
  }

  @Test
  void linesAreCountedAndEmptyOnesAreNoRows() {
    String file =
        "\uFEFF\n" + Rows.good("a") + "\r\n \n  " + Rows.good("b") + "\n" + Rows.good("c");
    assertThat(Rows.shown(Rows.read(file))).containsExactly("2 a", "4 b", "5 c");
  }

  @Test
  void aBadLineCostsOnlyItself() {
    String file = Rows.good("a") + "\n{\"instruction\": \"x\n" + Rows.good("b") + "\n";
    assertThat(Rows.shown(Rows.read(file))).containsExactly("1 a", "2 !truncated_json", "3 b");
  }

  @Test
  void badUtf8CostsOnlyItsLine() {
    byte[] bad = Rows.good("?").getBytes(StandardCharsets.UTF_8);
    bad[bad.length - 3] = (byte) 0xff;
    byte[] file = Rows.join((Rows.good("a") + "\n").getBytes(StandardCharsets.UTF_8), bad);
    file = Rows.join(file, ("\r\n" + Rows.good("\u00e9")).getBytes(StandardCharsets.UTF_8));
    List<SampleRow> rows = Rows.read(file);
    assertThat(Rows.shown(rows)).containsExactly("1 a", "2 !invalid_utf8", "3 \u00e9");
    Reject reject = ((SampleRow.Rejected) rows.get(1)).reject();
    assertThat(reject.raw()).isEqualTo(Rows.good("\uFFFD"));
    assertThat(reject.message()).startsWith("Cannot use row: not UTF-8 at or after byte");
  }

  @Test
  void anArraysRowsStandWhereTheirObjectsStart() {
    String file =
        "\n[ {\n\"prompt\": \"p\",\n\"completion\": \"a]},\\\"[{\"\n},\n" + Rows.good("b") + "]\n";
    assertThat(Rows.shown(Rows.read(file))).containsExactly("2 a]},\"[{", "6 b");
  }

  @Test
  void elementsThatAreNoObjectsAreRejectedOneByOne() {
    String file = "[1, \"a,]\", null,\n[2, {}], " + Rows.good("b") + ", true]";
    assertThat(Rows.shown(Rows.read(file)))
        .containsExactly(
            "1 !not_an_object",
            "1 !not_an_object",
            "1 !not_an_object",
            "2 !not_an_object",
            "2 b",
            "2 !not_an_object");
  }

  @Test
  void anArrayGoesOnAfterAnOpenString() {
    String file = "[\n{\"prompt\": \"a\",\n \"completion\": \"open\n},\n" + Rows.good("b") + "\n]";
    assertThat(Rows.shown(Rows.read(file))).containsExactly("2 !invalid_json", "5 b");
  }

  @Test
  void anArrayGoesOnAfterAMissingBrace() {
    String file = "[\n{\"prompt\": \"a\", \"completion\": \"b\",\n" + Rows.good("c") + "\n]";
    assertThat(Rows.shown(Rows.read(file))).containsExactly("2 !invalid_json", "3 c");
  }

  @Test
  void anArrayGoesOnAfterATurnWithoutBrace() {
    String file =
        "[{\"messages\": [{\"role\": \"user\", \"content\": \"a\", {\"role\": \"x\"}]},\n"
            + Rows.good("c")
            + "]";
    assertThat(Rows.shown(Rows.read(file))).containsExactly("1 !invalid_json", "2 c");
  }

  @Test
  void anArrayThatEndsInAnElementIsOneRejectForTheRest() {
    String file = "[" + Rows.good("a") + ",\n{\"prompt\": \"b\", \"completion\"";
    List<SampleRow> rows = Rows.read(file);
    assertThat(Rows.shown(rows)).containsExactly("1 a", "2 !truncated_json");
    assertThat(((SampleRow.Rejected) rows.get(1)).reject().message())
        .startsWith("Cannot read on: the file ends and the array that it holds is not closed");
    assertThat(Rows.shown(Rows.read("[" + Rows.good("a") + ",")))
        .containsExactly("1 a", "1 !truncated_json");
  }

  @Test
  void whatFollowsAnArrayIsOneReject() {
    assertThat(Rows.shown(Rows.read("[" + Rows.good("a") + "]\n{}\n{}")))
        .containsExactly("1 a", "2 !trailing_content");
  }

  @Test
  void badUtf8InAnArrayCostsOnlyItsElement() {
    byte[] file =
        ("[" + Rows.good("a?") + "," + Rows.good("b") + "]").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < file.length; i++) {
      file[i] = file[i] == '?' ? (byte) 0xc3 : file[i];
    }
    assertThat(Rows.shown(Rows.read(file))).containsExactly("1 !invalid_utf8", "1 b");
  }

  @Test
  void aLineOverTheLimitIsDroppedWithoutBeingKept() {
    String file = Rows.good("x".repeat(SampleParser.MAX_LENGTH)) + "\n" + Rows.good("b");
    List<SampleRow> rows = Rows.read(file);
    assertThat(Rows.shown(rows)).containsExactly("1 !too_long", "2 b");
    assertThat(((SampleRow.Rejected) rows.get(0)).reject().raw()).hasSize(Reject.MAX_RAW);
  }

  @Test
  void severalGzipMembersAreOneFile() {
    byte[] first = Rows.gzip(Rows.good("a") + "\n" + Rows.good("b").substring(0, 20));
    byte[] file = Rows.join(first, Rows.gzip(Rows.good("b").substring(20) + "\n"));
    assertThat(Rows.shown(Rows.read(file))).containsExactly("1 a", "2 b");
    assertThat(Rows.shown(readUnavailable(file))).containsExactly("1 a", "2 b");
  }

  @Test
  void truncatedGzipIsARejectAtTheLineReached() {
    String text = lines(5_000);
    byte[] file = Rows.gzip(text);
    List<SampleRow> rows = Rows.read(Arrays.copyOf(file, file.length / 2));
    assertThat(rows.size()).isBetween(100, 4_999);
    List<String> shown = Rows.shown(rows);
    assertThat(shown.get(rows.size() - 1)).isEqualTo(rows.size() + " !truncated_gzip");
    assertThat(shown.subList(0, rows.size() - 1)).noneMatch(row -> row.contains("!"));
    assertThat(Rows.shown(Rows.read(Arrays.copyOf(file, 4)))).containsExactly("1 !truncated_gzip");
  }

  @Test
  void truncatedGzipOfAnArrayIsARejectToo() {
    byte[] file = Rows.gzip("[" + lines(5_000).replace("}\n", "},\n") + "]");
    List<String> shown = Rows.shown(Rows.read(Arrays.copyOf(file, file.length / 2)));
    assertThat(shown.get(shown.size() - 1)).endsWith("!truncated_gzip");
    assertThat(shown.stream().filter(row -> row.contains("!"))).hasSize(1);
  }

  @Test
  void damagedGzipIsAReject() {
    byte[] file = Rows.gzip(Rows.good("a") + "\n");
    file[file.length - 8] ^= 1; // the check sum
    assertThat(Rows.shown(Rows.read(file))).containsExactly("1 a", "2 !corrupt_gzip");
  }

  @Test
  void aStreamThatFailsIsNoReject() {
    SampleParser parser = SampleParser.recognising(ColumnMapping.none());
    assertThatThrownBy(() -> new SampleReader<>(failingAfter(""), "pool.jsonl", parser))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot read pool.jsonl: disk gone");
    String text = "\n" + lines(5_000);
    assertThatThrownBy(
            () ->
                new SampleReader<>(failingAfter(text), "pool.jsonl", parser)
                    .forEachRemaining(row -> assertThat(row).isNotNull()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageMatching("Cannot read pool.jsonl on from line \\d+: disk gone");
  }

  @Test
  void nothingComesAfterTheLastRow() {
    SampleParser parser = SampleParser.recognising(ColumnMapping.none());
    try (SampleReader<SampleRow> reader =
        new SampleReader<>(InputStream.nullInputStream(), "pool.jsonl", parser)) {
      assertThat(reader.hasNext()).isFalse();
      assertThatThrownBy(reader::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("No row is left in pool.jsonl");
    }
  }

  /** Reads through a stream that never says how much it has, as remote files do. */
  private static List<SampleRow> readUnavailable(byte[] file) {
    InputStream in =
        new ByteArrayInputStream(file) {
          @Override
          public synchronized int available() {
            return 0;
          }

          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 1));
          }
        };
    List<SampleRow> rows = new ArrayList<>();
    SampleParser parser = SampleParser.recognising(ColumnMapping.none());
    try (SampleReader<SampleRow> reader = new SampleReader<>(in, "pool.jsonl", parser)) {
      reader.forEachRemaining(rows::add);
    }
    return rows;
  }

  private static InputStream failingAfter(String text) {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk gone");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), failing);
  }

  private static String lines(int count) {
    StringBuilder text = new StringBuilder();
    SeededHash hash = new SeededHash(1, "test");
    for (int i = 0; i < count; i++) {
      text.append(Rows.good(Long.toHexString(hash.of("row" + i)))).append('\n');
    }
    return text.toString();
  }
}
