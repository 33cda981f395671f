package ai.icon.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** The metadata of a GGUF that has nothing but a tokenizer, key by key. */
final class TokenizerMetadata {
  static final Path FILE = Path.of("models/tiny.gguf");

  private final Map<String, Object> values = new TreeMap<>();

  /** Byte-level BPE over a few letters: 0 to 2 are marks, 3 to 9 text, 10 is unused. */
  static TokenizerMetadata bytePairs() {
    return new TokenizerMetadata()
        .with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", "gpt-2")
        .with(
            "tokenizer.ggml.tokens",
            List.of("<s>", "</s>", "<tool>", "a", "b", "c", "Ġ", "ab", "abc", "Ġab", "[PAD10]"))
        .with("tokenizer.ggml.token_type", new long[] {3, 3, 4, 1, 1, 1, 1, 1, 1, 1, 5})
        .with("tokenizer.ggml.merges", List.of("a b", "ab c", "Ġ ab"))
        .with("tokenizer.ggml.bos_token_id", 0L)
        .with("tokenizer.ggml.eos_token_id", 1L);
  }

  /** SentencePiece over a few letters, with no bytes to fall back to. */
  static TokenizerMetadata sentencePiece() {
    List<String> tokens = List.of("<unk>", "<s>", "</s>", "▁▁", "▁", "a", "b", "ab", "▁ab");
    return new TokenizerMetadata()
        .with("tokenizer.ggml.model", "llama")
        .with("tokenizer.ggml.tokens", tokens)
        .with("tokenizer.ggml.token_type", new long[] {2, 3, 3, 4, 1, 1, 1, 1, 1})
        .with("tokenizer.ggml.scores", new double[] {0, 0, 0, 0, -9, -9, -9, -1, -2});
  }

  /** Byte-level BPE over tokens that are text, all of them. */
  static TokenizerMetadata text(List<String> tokens, List<String> merges, String pre) {
    List<String> texts = new ArrayList<>(tokens);
    return new TokenizerMetadata()
        .with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", pre)
        .with("tokenizer.ggml.tokens", texts)
        .with(
            "tokenizer.ggml.token_type", LongStream.generate(() -> 1).limit(texts.size()).toArray())
        .with("tokenizer.ggml.merges", merges)
        .with("tokenizer.ggml.bos_token_id", 0L);
  }

  TokenizerMetadata with(String key, Object value) {
    values.put(key, value);
    return this;
  }

  TokenizerMetadata without(String key) {
    values.remove(key);
    return this;
  }

  GgufMetadata metadata() {
    return new GgufMetadata(FILE, values);
  }

  GgufTokenizer tokenizer() {
    return GgufTokenizer.of(metadata());
  }
}
