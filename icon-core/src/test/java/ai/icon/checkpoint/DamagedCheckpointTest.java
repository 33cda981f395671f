package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.index;
import static ai.icon.checkpoint.CheckpointFixture.sharded;
import static ai.icon.checkpoint.CheckpointFixture.single;
import static ai.icon.checkpoint.CheckpointFixture.text;
import static ai.icon.checkpoint.CheckpointFixture.withoutWeights;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
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

/** Every kind of damage is refused by a UserError that names the file and says what is wrong. */
class DamagedCheckpointTest {
  @TempDir Path folder;

  /** How a folder is damaged, and what must be said about it. */
  record Damage(String name, Harm harm, String... words) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Does the damage. */
  @FunctionalInterface
  interface Harm {
    void to(Path folder) throws IOException;
  }

  @ParameterizedTest
  @MethodSource({"headers", "entries", "layouts", "shards", "texts", "absences"})
  void isRefused(Damage damage) throws IOException {
    single(folder);
    damage.harm().to(folder);

    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(damage.words())
        // One line of what, one line of cure.
        .hasMessageMatching("(?s)Cannot [^\n]+\n  [A-Z][^\n]+");
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
        new Damage("header is no JSON", f -> header(f, "{\"a\": }"), "malformed header at byte 14"),
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
            f -> one(f, "[4294967296, 4294967296]", 0, 4),
            "tensor 'a' has a shape beyond 2^63-1 bytes"),
        new Damage(
            "bytes beyond long",
            f -> one(f, "[4611686018427387904]", 0, 4),
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
            DamagedCheckpointTest::cutLastByte,
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

  static Stream<Damage> shards() {
    return Stream.of(
        new Damage(
            "missing shard",
            f -> Files.delete(shardedOnly(f).resolve("model-2.safetensors")),
            "1 of 2 shards",
            "[model-2.safetensors]"),
        new Damage(
            "damaged shard",
            f -> Files.write(shardedOnly(f).resolve("model-2.safetensors"), new byte[3]),
            "model-2.safetensors",
            "has 3"),
        new Damage(
            "shard lacks a tensor",
            f ->
                index(
                    shardedOnly(f),
                    "{\"a\": \"model-1.safetensors\", \"c\": \"model-2.safetensors\"}"),
            "model-2.safetensors holds tensor 'c', but it does not"),
        new Damage(
            "two shards hold one tensor",
            f ->
                new SafetensorsWriter()
                    .floats("a", new float[] {0}, 1)
                    .floats("b.weight", new float[] {0}, 1)
                    .write(shardedOnly(f).resolve("model-2.safetensors")),
            "both",
            "model-2.safetensors hold tensor 'a'"),
        new Damage(
            "shard outside the folder",
            f -> index(shardedOnly(f), "{\"a\": \"../model-1.safetensors\"}"),
            "the shard of tensor 'a' must be the plain name",
            "../model-1.safetensors"),
        new Damage(
            "absolute shard",
            f -> index(shardedOnly(f), "{\"a\": \"/etc/x.safetensors\"}"),
            "plain name"),
        new Damage(
            "shard is a pickle", f -> index(shardedOnly(f), "{\"a\": \"x.bin\"}"), "plain name"),
        new Damage(
            "shard is a number", f -> index(shardedOnly(f), "{\"a\": 1}"), "plain name", "got 1"),
        new Damage(
            "empty weight_map", f -> index(shardedOnly(f), "{}"), "weight_map must be an object"),
        new Damage(
            "malformed index",
            f -> text(shardedOnly(f), "model.safetensors.index.json", "{\"weight_map\": {"),
            "model.safetensors.index.json:1:",
            "malformed JSON"));
  }

  static Stream<Damage> texts() {
    return Stream.of(
        new Damage(
            "malformed config",
            f -> text(f, "config.json", "{\n  \"hidden_size\": 64,\n  oops\n}"),
            "config.json:3:",
            "malformed JSON: Unrecognized token 'oops'"),
        new Damage("empty config", f -> text(f, "config.json", ""), "config.json", "got nothing"),
        new Damage(
            "config is a list", f -> text(f, "config.json", "[]"), "config.json", "got ARRAY"),
        new Damage("text behind config", f -> text(f, "config.json", "{}x"), "config.json:1:"),
        new Damage(
            "cut tokenizer", f -> text(f, "tokenizer.json", "{\"a\": [1,"), "tokenizer.json:1:"),
        new Damage(
            "empty tokenizer",
            f -> text(f, "tokenizer.json", " "),
            "tokenizer.json",
            "got nothing"),
        new Damage(
            "tokenizer is text", f -> text(f, "tokenizer.json", "\"a\""), "got VALUE_STRING"),
        new Damage(
            "cut tokenizer_config",
            f -> text(f, "tokenizer_config.json", "{"),
            "tokenizer_config.json:1:"),
        new Damage(
            "chat template is a number",
            f -> text(f, "tokenizer_config.json", "{\"chat_template\": 3}"),
            "chat_template of",
            "must be text or a list, got NUMBER"),
        new Damage(
            "chat template is no UTF-8",
            f -> Files.write(f.resolve("chat_template.jinja"), new byte[] {(byte) 0xC3, 0x28}),
            "chat_template.jinja",
            "MalformedInputException"));
  }

  static Stream<Damage> absences() {
    return Stream.of(
        new Damage(
            "no config", f -> Files.delete(f.resolve("config.json")), "has no file config.json"),
        new Damage(
            "no tokenizer",
            f -> Files.delete(f.resolve("tokenizer.json")),
            "has no file tokenizer.json",
            "AutoTokenizer"),
        new Damage(
            "no weights",
            f -> Files.delete(weights(f)),
            "neither model.safetensors nor model.safetensors.index.json",
            "only config.json, tokenizer.json"),
        new Damage(
            "pickle only",
            f -> text(withoutWeightFile(f), "pytorch_model.bin", "x"),
            "pytorch_model.bin only",
            "no pickle is ever loaded",
            "safe_serialization=True"),
        new Damage(
            "GGUF only",
            f -> text(withoutWeightFile(f), "q4.gguf", "GGUF"),
            "q4.gguf only",
            "not read yet"),
        new Damage(
            "adapter only",
            f -> text(withoutWeightFile(f), "adapter_config.json", "{}"),
            "an adapter",
            "Merge"));
  }

  private static Path weights(Path folder) {
    return folder.resolve("model.safetensors");
  }

  private static Path withoutWeightFile(Path folder) throws IOException {
    Files.delete(weights(folder));
    return withoutWeights(folder);
  }

  private static Path shardedOnly(Path folder) throws IOException {
    Files.delete(weights(folder));
    return sharded(folder);
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
