package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.index;
import static ai.icon.checkpoint.CheckpointFixture.sharded;
import static ai.icon.checkpoint.CheckpointFixture.text;
import static ai.icon.checkpoint.CheckpointFixture.withoutWeights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders whose files are missing, malformed or at odds are refused. */
class DamagedFolderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource({"shards", "texts", "absences"})
  void isRefused(Damage damage) throws IOException {
    damage.assertRefused(folder);
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
            f -> text(f, "config.json", "{\n  \"hidden_size\": 64,\n  \"x\": oops\n}"),
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
            "cut GGUF only",
            f -> text(withoutWeightFile(f), "q4.gguf", "GGUF"),
            "q4.gguf",
            "has 4 bytes and ends inside the version"),
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
}
