package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.text;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights whose header or size lies are refused, naming file and tensor. */
class DamagedWeightsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource({"headers", "entries", "layouts"})
  void isRefused(Damage damage) throws IOException {
    damage.assertRefused(folder);
  }

  static Stream<Damage> headers() {
    return Stream.of(
        new Damage("empty file", f -> raw(f, new byte[0]), "the whole file has 0"),
        new Damage("seven bytes", f -> raw(f, new byte[7]), "takes 8 bytes", "has 7"),
        new Damage(
            "header longer than the file",
            f -> SafetensorsWriter.write(weights(f), 400, bytes("{}"), new byte[0]),
            "cut short",
            "claims 400 bytes, 2 follow"),
        new Damage(
            "header beyond 100 MB",
            f -> SafetensorsWriter.write(weights(f), 100_000_001, bytes("{}"), new byte[0]),
            "at most 100000000 bytes, this one claims 100000001"),
        new Damage(
            "negative header length",
            f -> SafetensorsWriter.write(weights(f), -1, bytes("{}"), new byte[0]),
            "claims 18446744073709551615"),
        new Damage("no header", f -> header(f, ""), "must be a JSON object"),
        new Damage("header is a list", f -> header(f, "[]"), "must be a JSON object"),
        new Damage(
            "header is no JSON", f -> header(f, "{\"a\": }"), "malformed header near byte 15"),
        new Damage(
            "header is cut", f -> header(f, "{\"a\": {"), "malformed header", "end-of-input"),
        new Damage("two objects", f -> header(f, "{} {}"), "malformed header", "Trailing token"),
        new Damage(
            "duplicate tensor",
            f ->
                header(
                    f,
                    "{"
                        + entry("a", "F32", "[1]", 0, 4)
                        + ", "
                        + entry("a", "F32", "[1]", 0, 4)
                        + "}"),
            "Duplicate field 'a'"),
        new Damage(
            "deep nesting",
            f -> header(f, "{\"a\":" + "[".repeat(5000)),
            "malformed header",
            "nesting depth"),
        new Damage(
            "Git LFS pointer",
            f -> raw(f, bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\n")),
            "Git LFS pointer",
            "git lfs pull"));
  }

  static Stream<Damage> entries() {
    return Stream.of(
        new Damage("entry is text", f -> header(f, "{\"a\": \"x\"}"), "tensor 'a' has no dtype"),
        new Damage(
            "no shape",
            f -> header(f, "{\"a\": {\"dtype\": \"F32\", \"data_offsets\": [0, 4]}}"),
            "tensor 'a' must have a shape of whole numbers",
            "got none"),
        new Damage(
            "negative size", f -> one(f, "[-1]", 0, 4), "tensor 'a' must have a shape", "got [-1]"),
        new Damage("fractional size", f -> one(f, "[1.5]", 0, 4), "got [1.5]"),
        new Damage("size beyond long", f -> one(f, "[9223372036854775808]", 0, 4), "whole numbers"),
        new Damage(
            "product beyond long",
            f -> one(f, "[4294967296, 4294967296]", 0, 8),
            "tensor 'a' has a shape beyond 2^63-1 bytes"),
        new Damage(
            "bytes beyond long",
            f -> one(f, "[4611686018427387904]", 0, 8),
            "tensor 'a' has a shape beyond 2^63-1 bytes"),
        new Damage(
            "three offsets",
            f ->
                header(
                    f,
                    "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4, 8]}}"),
            "[begin, end] with begin <= end, got [0, 4, 8]"),
        new Damage("offsets backwards", f -> one(f, "[1]", 4, 0), "begin <= end, got [4, 0]"),
        new Damage(
            "negative offset",
            f -> one(f, "[1]", -4, 0),
            "must have a data_offsets",
            "got [-4,0]"));
  }

  static Stream<Damage> layouts() {
    return Stream.of(
        new Damage(
            "span and shape disagree",
            f -> one(f, "[2, 3]", 0, 8),
            "tensor 'a' of type F32 and shape [2, 3] takes 24 bytes",
            "[0, 8] span 8"),
        new Damage(
            "offsets beyond the file",
            f -> one(f, "[3]", 0, 12),
            "tensor 'a' ends at byte 12 of the data, which has 8"),
        new Damage(
            "offsets near 2^63",
            f -> one(f, "[1]", 9223372036854775800L, Long.MAX_VALUE),
            "tensor 'a' ends at byte 9223372036854775807"),
        new Damage(
            "truncated file",
            DamagedWeightsTest::cutLastByte,
            "tensor 'b.weight' ends",
            "cut short"),
        new Damage(
            "overlap",
            f -> two(f, 0, 8, 4, 8),
            "tensor 'b' must begin where tensor 'a' ends",
            "they overlap"),
        new Damage("gap", f -> two(f, 0, 2, 4, 8), "tensor 'b' must begin", "at byte 2", "a gap"),
        new Damage("gap at the start", f -> one(f, "[1]", 4, 8), "where the header ends", "a gap"),
        new Damage(
            "bytes behind the last tensor",
            f -> one(f, "[1]", 0, 4),
            "4 bytes follow behind tensor 'a'"),
        new Damage(
            "unsupported type beyond the file",
            f -> header(f, "{" + entry("a", "I8", "[9]", 0, 9) + "}"),
            "tensor 'a' ends at byte 9"));
  }

  private static Path weights(Path folder) {
    return folder.resolve("model.safetensors");
  }

  private static void raw(Path folder, byte[] content) throws IOException {
    Files.write(weights(folder), content);
  }

  private static void header(Path folder, String json) {
    SafetensorsWriter.write(weights(folder), json, new byte[8]);
  }

  private static void one(Path folder, String shape, long begin, long end) {
    header(folder, "{" + entry("a", "F32", shape, begin, end) + "}");
  }

  private static void two(Path folder, long begin, long end, long nextBegin, long nextEnd) {
    header(
        folder,
        "{"
            + entry("a", "U8", "[1]", begin, end)
            + ", "
            + entry("b", "F32", "[1]", nextBegin, nextEnd)
            + "}");
  }

  private static String entry(String name, String dtype, String shape, long begin, long end) {
    return String.format(
        Locale.ROOT,
        "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}",
        name,
        dtype,
        shape,
        begin,
        end);
  }

  private static void cutLastByte(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(weights(folder), StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
