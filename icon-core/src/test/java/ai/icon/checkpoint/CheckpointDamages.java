package ai.icon.checkpoint;

import static ai.icon.checkpoint.LlamaCopy.FIRST_SHARD;
import static ai.icon.checkpoint.LlamaCopy.INDEX;
import static ai.icon.checkpoint.LlamaCopy.ONE_FILE;
import static ai.icon.checkpoint.LlamaCopy.SECOND_SHARD;
import static ai.icon.checkpoint.LlamaCopy.THIRD_SHARD;
import static ai.icon.checkpoint.LlamaCopy.config;
import static ai.icon.checkpoint.LlamaCopy.header;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** What can be wrong with the weights and the config of the llama fixture. */
final class CheckpointDamages {
  private static final String UP = "model.layers.1.mlp.up_proj.weight";
  private static final String DOWN = "model.layers.0.mlp.down_proj.weight";
  private static final String DOWNLOAD = "Download";
  private static final String SAME_DOWNLOAD = "from the same download";
  private static final String PUBLISHED = "that the model's authors published";

  private CheckpointDamages() {}

  static Stream<Damage> shards() {
    return Stream.of(
        new Damage(
            "shard without its last byte",
            f -> LlamaCopy.cut(f.resolve(THIRD_SHARD), LlamaCopy.size(f.resolve(THIRD_SHARD)) - 1),
            THIRD_SHARD,
            "'lm_head.weight'",
            "cut short",
            DOWNLOAD),
        new Damage(
            "shard cut in the middle of its data",
            f -> LlamaCopy.cut(f.resolve(FIRST_SHARD), 140_000),
            FIRST_SHARD,
            "'model.layers.0.mlp.down_proj.weight'",
            "cut short"),
        new Damage(
            "shard cut inside its header",
            f -> LlamaCopy.cut(f.resolve(SECOND_SHARD), 700),
            SECOND_SHARD,
            "it is cut short: the header claims 1744 bytes, 692 follow"),
        new Damage(
            "shard of no bytes",
            f -> LlamaCopy.cut(f.resolve(SECOND_SHARD), 0),
            SECOND_SHARD,
            "has 0"),
        new Damage(
            "shard of seven bytes",
            f -> LlamaCopy.cut(f.resolve(SECOND_SHARD), 7),
            SECOND_SHARD,
            "has 7"),
        new Damage(
            "shard that is absent",
            f -> Files.delete(f.resolve(SECOND_SHARD)),
            "1 of 3 shards",
            SECOND_SHARD,
            "Download the missing shards"),
        new Damage(
            "shard that is a folder",
            f -> folderInstead(f.resolve(SECOND_SHARD)),
            SECOND_SHARD,
            "are missing"),
        new Damage(
            "shard that is a link to itself",
            f -> linkInstead(f.resolve(SECOND_SHARD), SECOND_SHARD),
            SECOND_SHARD,
            "are missing"),
        new Damage(
            "shard that is a Git LFS pointer",
            f ->
                Files.writeString(
                    f.resolve(THIRD_SHARD),
                    "version https://git-lfs.github.com/spec/v1\noid sha256:0"),
            THIRD_SHARD,
            "Git LFS pointer",
            "git lfs pull"),
        new Damage(
            "two shards that changed places",
            f -> {
              Files.move(f.resolve(SECOND_SHARD), f.resolve("x"));
              Files.move(f.resolve(THIRD_SHARD), f.resolve(SECOND_SHARD));
              Files.move(f.resolve("x"), f.resolve(THIRD_SHARD));
            },
            INDEX,
            "holds tensor 'lm_head.weight', but it does not",
            "same download"),
        new Damage(
            "index that names an absent shard",
            f -> index(f, "model-00003-of-00003", "model-00004-of-00004"),
            "model-00004-of-00004.safetensors",
            INDEX),
        new Damage(
            "index that leads out of the folder",
            f -> index(f, "model-00003-of-00003", "../model-00003-of-00003"),
            INDEX,
            "'lm_head.weight' must be the plain name"),
        new Damage(
            "index of no bytes", f -> LlamaCopy.cut(f.resolve(INDEX), 0), INDEX, "got nothing"),
        new Damage(
            "index cut short", f -> LlamaCopy.cut(f.resolve(INDEX), 200), INDEX, "malformed JSON"),
        new Damage(
            "index that is a list",
            f -> Files.writeString(f.resolve(INDEX), "{\"weight_map\": [1]}"),
            INDEX,
            "weight_map must be an object"),
        new Damage(
            "index that is a folder",
            f -> folderInstead(f.resolve(INDEX)),
            INDEX,
            "it is a folder"),
        new Damage(
            "index that is a link to itself",
            f -> linkInstead(f.resolve(INDEX), INDEX),
            INDEX,
            "a link that leads nowhere"),
        new Damage(
            "single file that is a folder",
            f -> Files.createDirectory(f.resolve(ONE_FILE)),
            ONE_FILE + " must be a file, it is a folder",
            DOWNLOAD),
        new Damage(
            "single file that is a pickle",
            f ->
                Files.write(
                    f.resolve(ONE_FILE), new byte[] {(byte) 0x80, 2, '}', 'q', 0, '.', 0, 0, 0}),
            ONE_FILE,
            "a header has at most 100000000 bytes"));
  }

  static Stream<Damage> headers() {
    return Stream.of(
        new Damage(
            "header length with its lowest bit flipped",
            f -> LlamaCopy.flip(f.resolve(SECOND_SHARD), 0, 0),
            SECOND_SHARD,
            "malformed header near byte 1753"),
        new Damage(
            "header length with a high bit flipped",
            f -> LlamaCopy.flip(f.resolve(SECOND_SHARD), 2, 7),
            SECOND_SHARD,
            "cut short"),
        new Damage(
            "header length with its sign flipped",
            f -> LlamaCopy.flip(f.resolve(SECOND_SHARD), 7, 7),
            SECOND_SHARD,
            "this one claims 9223372036854777552"),
        new Damage(
            "header with its brace flipped",
            f -> LlamaCopy.flip(f.resolve(SECOND_SHARD), 8, 0),
            SECOND_SHARD,
            "malformed header near byte"),
        new Damage(
            "header with a letter of a name flipped",
            f -> header(f.resolve(SECOND_SHARD), text -> text.replace(UP, UP.replace("up", "uq"))),
            SECOND_SHARD,
            "holds tensor '" + UP + "', but it does not"),
        new Damage(
            "header with a digit of a type flipped",
            f -> header(f.resolve(THIRD_SHARD), text -> text.replace("\"F32\"", "\"F22\"")),
            THIRD_SHARD,
            "Cannot use tensor 'lm_head.weight'",
            "its type is F22, supported are F32, F16, BF16",
            "Use a checkpoint"),
        new Damage(
            "header with a digit of a shape flipped",
            f -> header(f.resolve(THIRD_SHARD), text -> text.replace("[517,64]", "[517,65]")),
            THIRD_SHARD,
            "tensor 'lm_head.weight' of type F32 and shape [517, 65] takes 134420 bytes"),
        new Damage(
            "header whose tensors overlap",
            f ->
                header(f.resolve(SECOND_SHARD), text -> text.replace("[256,28928]", "[252,28924]")),
            SECOND_SHARD,
            "'model.layers.1.mlp.down_proj.weight' must begin where",
            "they overlap"),
        new Damage(
            "header with a gap between tensors",
            f -> header(f.resolve(SECOND_SHARD), text -> text.replace("[0,256]", "[0,252]")),
            SECOND_SHARD,
            "'model.layers.1.mlp.down_proj.weight'",
            "a gap"),
        new Damage(
            "header with a key twice",
            f ->
                header(
                    f.resolve(SECOND_SHARD),
                    text -> text.replace("layers.1.mlp.up_proj", "layers.1.mlp.gate_proj")),
            SECOND_SHARD,
            "Duplicate field 'model.layers.1.mlp.gate_proj.weight'"),
        new Damage(
            "header of hostile nesting",
            f -> header(f.resolve(SECOND_SHARD), text -> "{\"a\":" + "[".repeat(100_000)),
            SECOND_SHARD,
            "nesting depth"),
        new Damage(
            "header that claims 2^62 elements",
            f ->
                header(
                    f.resolve(THIRD_SHARD),
                    text -> text.replace("[517,64]", "[4611686018427387904]")),
            THIRD_SHARD,
            "'lm_head.weight' has a shape beyond 2^63-1 bytes"),
        new Damage(
            "header that claims 4 EiB of data",
            f ->
                header(
                    f.resolve(THIRD_SHARD),
                    text ->
                        text.replace("[517,64]", "[1152921504606846976]")
                            .replace("132352", "4611686018427387904")),
            THIRD_SHARD,
            "'lm_head.weight' ends at byte 4611686018427387904 of the data, which has 132352"));
  }

  private static Damage notFinite(String name, float value) {
    return new Damage(
        name, f -> LlamaCopy.put(f, DOWN, 7, value), "'" + DOWN + "'", "NaN or infinite");
  }

  static Stream<Damage> tensors() {
    return Stream.of(
        notFinite("a weight that is not a number", Float.NaN),
        notFinite("an infinite weight", Float.POSITIVE_INFINITY),
        notFinite("a weight of minus infinity", Float.NEGATIVE_INFINITY),
        new Damage(
            "a missing matrix",
            f -> LlamaCopy.tensors(f, tensors -> tensors.remove(UP)),
            "it has no tensor '" + UP + "'",
            SAME_DOWNLOAD),
        new Damage(
            "a missing embedding",
            f -> LlamaCopy.tensors(f, tensors -> tensors.remove("model.embed_tokens.weight")),
            "it has no tensor 'model.embed_tokens.weight'"),
        new Damage(
            "a missing head that is not tied",
            f -> LlamaCopy.tensors(f, tensors -> tensors.remove("lm_head.weight")),
            "it has no tensor 'lm_head.weight'"),
        new Damage(
            "a matrix on its side",
            f ->
                LlamaCopy.tensor(
                    f, DOWN, t -> new LlamaCopy.Stored("F32", new long[] {112, 64}, t.content())),
            "'" + DOWN + "' of ",
            "its shape must be [64, 112], got [112, 64]",
            SAME_DOWNLOAD),
        new Damage(
            "a matrix that lost an axis",
            f ->
                LlamaCopy.tensor(
                    f, DOWN, t -> new LlamaCopy.Stored("F32", new long[] {7168}, t.content())),
            "'" + DOWN + "'",
            "got [7168]"),
        new Damage(
            "a matrix of integers",
            f ->
                LlamaCopy.tensor(f, DOWN, t -> new LlamaCopy.Stored("I32", t.shape(), t.content())),
            "'" + DOWN + "'",
            "its type is I32"),
        new Damage(
            "a matrix of doubles",
            f ->
                LlamaCopy.tensor(
                    f,
                    DOWN,
                    t -> new LlamaCopy.Stored("F64", t.shape(), new byte[2 * t.content().length])),
            "'" + DOWN + "'",
            "its type is F64"),
        new Damage(
            "narrow floats that no config tells of",
            f ->
                LlamaCopy.tensor(
                    f,
                    DOWN,
                    t ->
                        new LlamaCopy.Stored(
                            "F8_E4M3", t.shape(), new byte[t.content().length / 4])),
            "'" + DOWN + "'",
            "its type is F8_E4M3"),
        new Damage(
            "a bias that the config does not tell of",
            f ->
                LlamaCopy.tensors(
                    f,
                    tensors ->
                        tensors.put(
                            "model.layers.0.self_attn.q_proj.bias",
                            new LlamaCopy.Stored("F32", new long[] {64}, new byte[256]))),
            "'model.layers.0.self_attn.q_proj.bias'",
            "has no such part",
            SAME_DOWNLOAD),
        new Damage(
            "a block more than the config tells of",
            f -> config(f, "num_hidden_layers", "2"),
            "'model.layers.2.",
            "config.json describes has no such part"),
        new Damage(
            "a head beside a config that ties it",
            f -> config(f, "tie_word_embeddings", "true"),
            "'lm_head.weight'",
            "it differs from 'model.embed_tokens.weight'",
            "Set tie_word_embeddings to false"));
  }

  static Stream<Damage> configs() {
    return Stream.of(
            setting(
                "a block less than the config tells of",
                "num_hidden_layers",
                "4",
                "model.layers.3."),
            setting("no layers", "num_hidden_layers", "0", "num_hidden_layers", PUBLISHED),
            setting(
                "more heads", "num_attention_heads", "8", "q_proj.weight'", "must be [128, 64]"),
            setting(
                "heads that key heads do not divide",
                "num_key_value_heads",
                "3",
                "num_key_value_heads"),
            setting("another size of heads", "head_dim", "32", "q_proj.weight'", "got [64, 64]"),
            setting("an odd size of heads", "head_dim", "15", "config.json"),
            setting(
                "another width",
                "hidden_size",
                "128",
                "'model.embed_tokens.weight'",
                SAME_DOWNLOAD),
            setting("a negative width", "hidden_size", "-64", "hidden_size", PUBLISHED),
            setting(
                "a width in words", "hidden_size", "\"64\"", "hidden_size must be a whole number"),
            setting("a width of 2^40", "hidden_size", "1099511627776", "hidden_size"),
            setting("no width", "hidden_size", "null", "hidden_size must be a whole number"),
            setting("a wider feed-forward", "intermediate_size", "128", "mlp.gate_proj.weight'"),
            setting(
                "a larger vocabulary",
                "vocab_size",
                "600",
                "'model.embed_tokens.weight'",
                "[600, 64]"),
            setting(
                "biases that are not there", "attention_bias", "true", "self_attn.q_proj.bias'"),
            setting(
                "biases that the feed-forward lacks", "mlp_bias", "true", "mlp.gate_proj.bias'"),
            setting(
                "an unknown family", "model_type", "\"lama\"", "model_type \"lama\"", "upported"),
            setting("no family", "model_type", "null", "model_type"),
            setting("no epsilon", "rms_norm_eps", "0", "epsilon of the norm"),
            setting(
                "a rotation of an unknown kind",
                "rope_parameters",
                "{\"rope_type\": \"spiral\", \"rope_theta\": 10000.0}",
                "rope_type \"spiral\""),
            setting(
                "weights that GPTQ quantised",
                "quantization_config",
                "{\"quant_method\": \"gptq\", \"bits\": 4}",
                "quant_method \"gptq\"",
                "in bfloat16 or float16"),
            setting(
                "a quantisation that is no object",
                "quantization_config",
                "7",
                "quantization_config without quant_method"),
            new Damage(
                "config that is absent", f -> Files.delete(configFile(f)), "no file config.json"),
            new Damage("config of no bytes", f -> LlamaCopy.cut(configFile(f), 0), "got nothing"),
            new Damage("config cut short", f -> LlamaCopy.cut(configFile(f), 100), "config.json:"),
            new Damage(
                "config that is a list", f -> Files.writeString(configFile(f), "[]"), "got ARRAY"),
            new Damage(
                "config with a bit flipped",
                f -> LlamaCopy.flip(configFile(f), 4, 1),
                "malformed JSON"),
            new Damage(
                "config of hostile nesting",
                f -> Files.writeString(configFile(f), "{\"a\":".repeat(100_000)),
                "config.json",
                "nesting depth"),
            new Damage(
                "config that is a folder",
                f -> folderInstead(configFile(f)),
                "config.json must be a file, it is a folder"),
            new Damage(
                "config that is a link to itself",
                f -> linkInstead(configFile(f), "config.json"),
                "config.json must be a file, it is a link that leads nowhere"),
            new Damage(
                "config that may not be read",
                f ->
                    Files.setPosixFilePermissions(
                        configFile(f), PosixFilePermissions.fromString("---------")),
                "config.json",
                "Check that the file is there"))
        // Nothing is kept from root.
        .filter(damage -> !damage.name().endsWith("may not be read") || !isRoot());
  }

  /** Of the fixture llama-float8-rows. */
  static Stream<Damage> narrow() {
    return Stream.of(
        new Damage(
            "a narrow float that is NaN",
            f ->
                LlamaCopy.tensor(
                    f,
                    DOWN,
                    t -> {
                      byte[] content = t.content().clone();
                      content[112 * 3 + 5] = (byte) 0xFF;
                      return new LlamaCopy.Stored(t.dtype(), t.shape(), content);
                    }),
            "Cannot use tensor '" + DOWN + "' of ",
            "row 3, column 5 is not finite: code 0xff, NaN",
            DOWNLOAD),
        new Damage(
            "a scale that is missing",
            f -> LlamaCopy.tensors(f, tensors -> tensors.remove(DOWN + "_scale")),
            "'" + DOWN + "'",
            "its scale is missing",
            "same download"),
        new Damage(
            "a scale of another matrix",
            f ->
                LlamaCopy.tensor(
                    f,
                    DOWN + "_scale",
                    t -> new LlamaCopy.Stored("BF16", new long[] {3, 1}, new byte[6])),
            "'" + DOWN + "_scale'",
            "its shape must be [1], or [64, 1], got [3, 1]"),
        new Damage(
            "a scale that is infinite",
            f ->
                LlamaCopy.tensor(
                    f,
                    DOWN + "_scale",
                    t -> new LlamaCopy.Stored("BF16", t.shape(), little(0x7F80))),
            "'" + DOWN + "_scale'",
            "a scale must be a finite number from 0, number 0 is Infinity"));
  }

  private static byte[] little(int bits) {
    return ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) bits).array();
  }

  private static Damage setting(String name, String key, String value, String... words) {
    return new Damage(name, f -> config(f, key, value), words);
  }

  private static Path configFile(Path folder) {
    return folder.resolve("config.json");
  }

  private static void index(Path folder, String from, String to) throws IOException {
    Path index = folder.resolve(INDEX);
    Files.writeString(index, Files.readString(index).replace(from, to));
  }

  static void folderInstead(Path file) throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
  }

  static void linkInstead(Path file, String target) throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of(target));
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }
}
