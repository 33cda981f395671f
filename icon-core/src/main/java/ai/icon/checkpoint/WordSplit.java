package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a byte-level BPE tokenizer cuts a text into words before it merges within them: what a GGUF
 * says in one word, {@code tokenizer.ggml.pre}. Each pattern isolates its matches in what the ones
 * before it left over; what no pattern matches stays as it is.
 *
 * <p>Source: names, patterns and the two flags as in llama.cpp's llama-vocab.cpp, in the form of
 * the published tokenizer.json where llama.cpp notes that its own is an adaptation; Unicode
 * composition (NFC), which llama.cpp leaves out, where Transformers gives it to the tokenizers of
 * that name. Names that llama.cpp cuts by code of its own (kimi-k2, afmoe, superbpe) and those of
 * embedding models are not here.
 *
 * @param patterns regular expressions of Oniguruma, as tokenizer.json has them
 * @param ignoresMerges whether a word that is a token stays whole, whatever the merges say
 * @param addsBos whether BOS stands in front where the file does not say
 * @param composes whether texts are brought into NFC first
 */
record WordSplit(List<String> patterns, boolean ignoresMerges, boolean addsBos, boolean composes) {
  private static final String ENGLISH = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String LETTERS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String SIGNS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
  private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  private static final String LLAMA3 = either(ENGLISH, LETTERS, "\\p{N}{1,3}", SIGNS, SPACES);
  private static final String QWEN2 = either(ENGLISH, LETTERS, "\\p{N}", SIGNS, SPACES);
  private static final String QWEN35 =
      either(
          ENGLISH,
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+",
          "\\p{N}",
          " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*",
          SPACES);

  /** A word in capitals or not, with its ending in small letters; and one in capitals alone. */
  private static final String SMALL =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+";

  private static final String CAPITALS =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*";
  private static final String SIGNS_AND_SLASHES = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
  private static final String TEKKEN = either(SMALL, CAPITALS, "\\p{N}", SIGNS_AND_SLASHES, SPACES);
  private static final String GPT_4O =
      either(
          SMALL + ENGLISH + "?",
          CAPITALS + ENGLISH + "?",
          "\\p{N}{1,3}",
          SIGNS_AND_SLASHES,
          SPACES);

  private static final String DEEPSEEK_WORDS =
      either(
          "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+",
          "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+", " ?[\\p{P}\\p{S}]+[\\r\\n]*", SPACES);
  private static final String DEEPSEEK_KANA = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";
  private static final String DEEPSEEK_HAN = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";

  /** The letters with case of Unicode, as the first DeepSeek tokenizers list them. */
  private static final String CASED =
      "\\s?["
          + "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF"
          + "\u01C4-\u0293\u0295-\u02AF\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F"
          + "\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481"
          + "\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD"
          + "\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A"
          + "\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59"
          + "\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4"
          + "\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4"
          + "\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126"
          + "\u2128\u212A-\u212D\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149\u214E"
          + "\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3"
          + "\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E"
          + "\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A"
          + "\uD801\uDC00-\uD801\uDC4F\uD801\uDCB0-\uD801\uDCD3"
          + "\uD801\uDCD8-\uD801\uDCFB\uD803\uDC80-\uD803\uDCB2"
          + "\uD803\uDCC0-\uD803\uDCF2\uD806\uDCA0-\uD806\uDCDF"
          + "\uD83A\uDD00-\uD83A\uDD43"
          + "]+";

  private static final String DEEPSEEK_SIGNS =
      "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+";
  private static final String BLOOM = " ?[^(\\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";
  private static final String BAILING =
      either(
          "'(?i:[sdmt]|ll|ve|re)",
          "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+",
          "\\p{N}",
          " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*",
          "\\s*[\\r\\n]",
          "\\s+(?!\\S)",
          "\\s+");
  private static final String SEED =
      either(ENGLISH, LETTERS, "\\p{N}{1}", " ?[^\\s\\p{L}\\p{N}\\r\\n]+", SPACES);

  private static final Map<String, WordSplit> BY_NAME = byName();

  /** Copies the patterns. */
  WordSplit {
    patterns = List.copyOf(patterns);
  }

  /**
   * The split of a name.
   *
   * @param name the value of tokenizer.ggml.pre
   * @param file the GGUF, for the message
   * @throws UserError naming it, if it is none of the known ones
   */
  static WordSplit of(String name, Path file) {
    WordSplit split = BY_NAME.get(name);
    if (split == null) {
      throw new UserError(
          "Cannot use %s: its pre-tokenizer (tokenizer.ggml.pre) \"%s\" is not supported"
              .formatted(file, name),
          "Supported are %s. Use the Hugging Face folder that the file was made from: its"
                  .formatted(String.join(", ", BY_NAME.keySet()))
              + " tokenizer.json says all of it.");
    }
    return split;
  }

  /** All names that are known, in order. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static Map<String, WordSplit> byName() {
    Map<String, WordSplit> splits = new TreeMap<>();
    WordSplit gpt2 = of(GPT2);
    WordSplit digits = of("\\p{N}", GPT2);
    WordSplit llama3 = of(LLAMA3);
    WordSplit qwen2 = of(QWEN2);
    WordSplit gpt4o = of(GPT_4O);
    WordSplit deepseek3 = of("\\p{N}{1,3}", DEEPSEEK_KANA, DEEPSEEK_WORDS);
    put(splits, gpt2, "gpt-2", "phi-2", "gigachat", "a.x-4.0", "mellum", "exaone4", "jais");
    put(splits, gpt2, "trillion", "granite-docling");
    put(splits, gpt2.composing(), "mpt", "olmo");
    put(splits, digits, "smollm", "starcoder", "refact", "codeshell", "exaone", "minerva-7b");
    put(splits, digits, "mellum2");
    put(splits, digits.composing(), "command-r");
    put(
        splits,
        llama3.whole().withBos(),
        "llama-bpe",
        "llama3",
        "llama-v3",
        "falcon3",
        "falcon-h1");
    put(splits, llama3.whole().withBos(), "pixtral", "midm-2.0", "lfm2");
    put(splits, llama3, "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
    put(splits, qwen2.composing(), "qwen2", "deepseek-r1-qwen");
    put(splits, qwen2, "stablelm2", "hunyuan", "solar-open", "megrez", "grok-2", "kormo");
    put(splits, of(QWEN35).composing(), "qwen35");
    put(splits, of(TEKKEN).whole().withBos(), "tekken");
    put(splits, gpt4o, "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
    put(splits, deepseek3, "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4");
    put(
        splits,
        of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", DEEPSEEK_HAN, "\\p{N}"),
        "deepseek-coder");
    put(
        splits,
        of("[\\r\\n]", CASED, DEEPSEEK_SIGNS, "\\s+$", DEEPSEEK_HAN, "\\p{N}+"),
        "deepseek-llm");
    put(splits, of("[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]"), "falcon");
    put(splits, of("[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"), "default");
    put(splits, of(BLOOM), "bloom", "poro-chat", "gpt3-finnish");
    put(splits, of(BLOOM, "\\p{N}"), "viking");
    put(splits, of(BAILING), "bailingmoe", "bailingmoe2", "llada-moe");
    put(splits, of(SEED), "seed-coder");
    return Collections.unmodifiableMap(splits);
  }

  private static void put(Map<String, WordSplit> splits, WordSplit split, String... names) {
    for (String name : names) {
      splits.put(name, split);
    }
  }

  private static WordSplit of(String... patterns) {
    return new WordSplit(List.of(patterns), false, false, false);
  }

  private WordSplit whole() {
    return new WordSplit(patterns, true, addsBos, composes);
  }

  private WordSplit withBos() {
    return new WordSplit(patterns, ignoresMerges, true, composes);
  }

  private WordSplit composing() {
    return new WordSplit(patterns, ignoresMerges, addsBos, true);
  }

  private static String either(String... patterns) {
    return String.join("|", patterns);
  }
}
