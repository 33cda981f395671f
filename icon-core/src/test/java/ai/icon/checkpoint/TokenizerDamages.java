package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointDamages.folderInstead;
import static ai.icon.checkpoint.CheckpointDamages.linkInstead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What can be wrong with the tokenizer and the chat template of the llama fixture. */
final class TokenizerDamages {
  private static final String FILE = "tokenizer.json";
  private static final String SETTINGS = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String COPY = "Copy the file again";

  private TokenizerDamages() {}

  static Stream<Damage> texts() {
    return Stream.of(
        new Damage(
            "tokenizer that is absent", f -> Files.delete(f.resolve(FILE)), "no file " + FILE),
        new Damage(
            "tokenizer of no bytes", f -> LlamaCopy.cut(f.resolve(FILE), 0), FILE, "got nothing"),
        new Damage(
            "tokenizer cut short",
            f -> LlamaCopy.cut(f.resolve(FILE), 9_000),
            FILE,
            "malformed JSON"),
        new Damage(
            "tokenizer that is an empty object",
            f -> Files.writeString(f.resolve(FILE), "{}"),
            FILE,
            "model must be an object",
            COPY),
        new Damage("tokenizer that is a list", f -> Files.writeString(f.resolve(FILE), "[]"), FILE),
        new Damage(
            "tokenizer that is a folder",
            f -> folderInstead(f.resolve(FILE)),
            FILE + " must be a file, it is a folder"),
        new Damage(
            "tokenizer that is a link to itself",
            f -> linkInstead(f.resolve(FILE), FILE),
            FILE + " must be a file, it is a link"),
        new Damage(
            "tokenizer of hostile nesting",
            f -> Files.writeString(f.resolve(FILE), "{\"a\":" + "[".repeat(100_000)),
            FILE,
            "nesting depth"),
        tokenizer(
            "tokenizer nested deeper than its library reads",
            root -> {
              ArrayNode inner = root.putArray("pre_tokenizer");
              for (int i = 0; i < 500; i++) {
                inner = inner.addArray();
              }
            },
            COPY),
        tokenizer(
            "tokenizer with an unknown step",
            root -> root.putObject("pre_tokenizer").put("type", "ByteLevle"),
            COPY),
        tokenizer(
            "tokenizer with a broken regular expression",
            root ->
                root.putObject("pre_tokenizer")
                    .put("type", "Split")
                    .put("behavior", "Isolated")
                    .put("invert", false)
                    .putObject("pattern")
                    .put("Regex", "(a"),
            COPY));
  }

  static Stream<Damage> vocabularies() {
    return Stream.of(
        model("model of an unknown type", model -> model.put("type", "BPF"), "got BPF"),
        model("model without tokens", model -> model.putObject("vocab"), "model.vocab must hold"),
        model("model whose tokens are text", model -> model.put("vocab", "a b"), "got STRING"),
        model(
            "merge of a token that is not there",
            model -> ((ArrayNode) model.path("merges")).addArray().add("zz").add("qq"),
            "zz"),
        model(
            "merge of three tokens",
            model -> ((ArrayNode) model.path("merges")).addArray().add("a").add("b").add("c"),
            COPY),
        model(
            "two tokens of one id",
            model -> vocabulary(model).put("Poem", 502),
            "tokens \"Last\" and \"Poem\" have the same id 502"),
        model("negative id", model -> vocabulary(model).put("Poem", -1), "\"Poem\"", "got -1"),
        model("id in words", model -> vocabulary(model).put("Poem", "503"), "\"Poem\"", "\"503\""),
        model(
            "id that no row belongs to",
            model -> vocabulary(model).put("Poem", 517),
            "token \"Poem\" has id 517, but the model of",
            "has 517 rows, ids 0 to 516",
            "from the same download"),
        tokenizer(
            "added token that no row belongs to",
            root ->
                added(root).addObject().put("id", 600).put("content", "<x>").put("special", false),
            "token \"<x>\" has id 600"),
        tokenizer(
            "token of the chat template that no row belongs to",
            root -> ((ObjectNode) added(root).get(3)).put("id", 517),
            "token \"<|im_start|>\" has id 517"),
        tokenizer(
            "added token at the id of another",
            root -> added(root).addObject().put("id", 100).put("content", "<x>"),
            "and \"<x>\" have the same id 100"),
        tokenizer(
            "added token without a text",
            root -> added(root).addObject().put("id", 510),
            "an added token must have a content"),
        tokenizer(
            "added token behind a gap that its library closes",
            root ->
                added(root)
                    .addObject()
                    .put("id", 510)
                    .put("content", "<x>")
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true),
            "\"<x>\" has id 510"),
        tokenizer(
            "template of a token that is not there",
            root -> ((ObjectNode) root.path("post_processor")).putObject("special_tokens"),
            "its template names \"<|bos|>\", which its special_tokens lack"),
        tokenizer(
            "template of a second text where there is one",
            root -> root.withObject("/post_processor/single/1/Sequence").put("id", "B"),
            "must not use sequence B"));
  }

  static Stream<Damage> settings() {
    return Stream.of(
        new Damage(
            "settings cut short", f -> LlamaCopy.cut(f.resolve(SETTINGS), 40), SETTINGS + ":"),
        new Damage(
            "settings that are a folder",
            f -> folderInstead(f.resolve(SETTINGS)),
            SETTINGS + " must be a file"),
        new Damage(
            "settings whose BOS is no token",
            f -> {
              LlamaCopy.json(f.resolve(FILE), root -> root.putNull("post_processor"));
              LlamaCopy.json(
                  f.resolve(SETTINGS),
                  root -> root.put("add_bos_token", true).put("bos_token", "no token at all"));
            },
            FILE,
            "bos_token \"no token at all\" is not one token"),
        new Damage(
            "chat template that is a number",
            f -> {
              Files.delete(f.resolve(TEMPLATE));
              LlamaCopy.json(f.resolve(SETTINGS), root -> root.put("chat_template", 3));
            },
            SETTINGS,
            "chat_template",
            "must be text or a list, got NUMBER"),
        new Damage(
            "chat template that is no UTF-8",
            f -> Files.write(f.resolve(TEMPLATE), new byte[] {'{', '{', (byte) 0xC3, '}'}),
            TEMPLATE),
        new Damage(
            "chat template that is a folder",
            f -> folderInstead(f.resolve(TEMPLATE)),
            TEMPLATE + " must be a file"));
  }

  private static Damage model(String name, Consumer<ObjectNode> harm, String... words) {
    return tokenizer(name, root -> harm.accept((ObjectNode) root.path("model")), words);
  }

  private static Damage tokenizer(String name, Consumer<ObjectNode> harm, String... words) {
    String[] all = Stream.concat(Stream.of(FILE), Stream.of(words)).toArray(String[]::new);
    return new Damage(name, f -> LlamaCopy.json(file(f), harm), all);
  }

  private static Path file(Path folder) {
    return folder.resolve(FILE);
  }

  private static ObjectNode vocabulary(JsonNode model) {
    return (ObjectNode) model.path("vocab");
  }

  private static ArrayNode added(JsonNode root) {
    return (ArrayNode) root.path("added_tokens");
  }
}
