package ai.icon.sample;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Reads whole files in memory, for tests. */
final class Rows {
  private Rows() {}

  static SampleRow parse(String json) {
    return SampleParser.recognising(ColumnMapping.none()).parse("pool.jsonl", 7, json);
  }

  static Sample accepted(String json) {
    return ((SampleRow.Accepted) parse(json)).sample();
  }

  static Reject rejected(String json) {
    return ((SampleRow.Rejected) parse(json)).reject();
  }

  static boolean rejectedFor(String json, RejectReason reason) {
    return parse(json) instanceof SampleRow.Rejected row && row.reject().reason() == reason;
  }

  static List<SampleRow> read(String file) {
    return read(file.getBytes(StandardCharsets.UTF_8));
  }

  static List<SampleRow> read(byte[] file) {
    List<SampleRow> rows = new ArrayList<>();
    SampleParser parser = SampleParser.recognising(ColumnMapping.none());
    try (SampleReader<SampleRow> reader =
        new SampleReader<>(new ByteArrayInputStream(file), "pool.jsonl", parser)) {
      reader.forEachRemaining(rows::add);
    }
    return rows;
  }

  /** Each row as "line output" or "line !code". */
  static List<String> shown(List<SampleRow> rows) {
    return rows.stream().map(Rows::shown).toList();
  }

  private static String shown(SampleRow row) {
    if (row instanceof SampleRow.Accepted accepted) {
      return accepted.sample().line() + " " + accepted.sample().body().response();
    }
    Reject reject = ((SampleRow.Rejected) row).reject();
    return reject.line() + " !" + reject.reason().code();
  }

  static String good(String output) {
    return "{\"instruction\": \"Say it\", \"input\": \"\", \"output\": \"" + output + "\"}";
  }

  static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first);
    bytes.writeBytes(second);
    return bytes.toByteArray();
  }
}
