package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A Hugging Face folder: config.json, tokenizer.json, tokenizer_config.json, chat template and
 * safetensors weights, in one file or in shards. Or a GGUF file, which holds all of this in its own
 * words and is shown here in Hugging Face's: its metadata as config, its tensors under Hugging
 * Face's names and in its order, quantised ones as float32. Or, as the last resort, a TorchScript
 * program, which keeps its weights to itself: config.json and tokenizer lie beside it.
 *
 * <p>Everything but the weights' values is read and checked when it is opened; the values are
 * mapped piece by piece. Immutable and thread-safe; holds no file open.
 */
public final class Checkpoint {
  static final String CONFIG = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  private final Path folder;
  private final CheckpointTexts texts;
  private final WeightSource weights;

  private Checkpoint(Path folder, CheckpointTexts texts, WeightSource weights) {
    this.folder = folder;
    this.texts = texts;
    this.weights = weights;
  }

  /** As {@link #open(Path, HubCache)} with the cache of this process. */
  public static Checkpoint open(Path folder) {
    return open(folder, HubCache.ofThisProcess());
  }

  /**
   * Opens a folder and checks its files. Nothing is downloaded and no pickle is ever loaded.
   *
   * @param path a Hugging Face folder, a GGUF file, a TorchScript program ({@code .pt}) with
   *     config.json and tokenizer beside it, or a folder without safetensors and with one of these
   *     files; where there is nothing, the id of a model that the cache holds
   * @throws UserError if it is none of these (pickled weights have their own message), or a file is
   *     missing, malformed, cut short or at odds with another
   */
  public static Checkpoint open(Path path, HubCache cache) {
    Path folder = cache.locate(path.toString());
    Optional<Path> gguf = CheckpointPath.gguf(folder);
    if (gguf.isPresent()) {
      return openGguf(folder, GgufFile.open(gguf.get()));
    }
    Optional<Path> program = CheckpointPath.program(folder);
    if (program.isPresent()) {
      return openProgram(folder, TorchScriptFile.open(program.get()));
    }
    CheckpointPath.requireFolder(folder, cache);
    WeightFiles weights = WeightFiles.open(folder);
    JsonNode stored = JsonFile.object(config(folder));
    Optional<Quantization> quantization = Quantization.of(stored, config(folder));
    return new Checkpoint(
        folder,
        texts(folder, Quantization.asRead(stored)),
        quantization.map(weights::readUp).orElse(weights));
  }

  private static Path config(Path folder) {
    return CheckpointPath.requireFile(
        folder, CONFIG, "Download it from where the weights came from.");
  }

  private static CheckpointTexts texts(Path folder, JsonNode config) {
    Path tokenizer =
        CheckpointPath.requireFile(
            folder,
            TOKENIZER,
            "Download it, or write it from another tokenizer format with Transformers:"
                + " AutoTokenizer.from_pretrained('DIR').save_pretrained('DIR').");
    JsonFile.check(tokenizer);
    Path optional = folder.resolve(TOKENIZER_CONFIG);
    JsonNode tokenizerConfig =
        CheckpointPath.hasFile(folder, TOKENIZER_CONFIG)
            ? JsonFile.object(optional)
            : JsonNodeFactory.instance.objectNode();
    return new CheckpointTexts(
        config(folder).toString(),
        config,
        tokenizer.toString(),
        () -> JsonFile.text(tokenizer),
        tokenizerConfig,
        ChatTemplateSource.read(folder, tokenizerConfig));
  }

  private static Checkpoint openProgram(Path path, TorchScriptFile file) {
    Path folder = file.path().toAbsolutePath().getParent();
    return new Checkpoint(
        path, texts(folder, JsonFile.object(config(folder))), new ProgramWeights(file, folder));
  }

  private static Checkpoint openGguf(Path path, GgufFile file) {
    GgufFamily family = GgufFamily.of(file.metadata());
    GgufTokenizer tokenizer = GgufTokenizer.of(file.metadata());
    String source = file.path().toString();
    CheckpointTexts texts =
        new CheckpointTexts(
            source,
            GgufConfig.of(file, family),
            source,
            tokenizer::tokenizerJson,
            tokenizer.tokenizerConfig(),
            tokenizer.chatTemplate());
    return new Checkpoint(path, texts, new GgufWeights(file, family));
  }

  /** The program that computes logits; empty where weights are read instead. */
  public Optional<TorchScriptFile> program() {
    return weights.program();
  }

  /** The folder or the file, as it was given, or the snapshot of the id that was given. */
  public Path folder() {
    return folder;
  }

  /**
   * config.json, or a GGUF file's metadata in its words, an object; not to be changed. The key
   * quantization_config is left out: readers see weights that are not quantised.
   */
  public JsonNode config() {
    return texts.config();
  }

  /**
   * tokenizer.json as text, known to be JSON throughout; a GGUF file's vocabulary is written as
   * one. A file is read anew at each call; tens of MB for a large vocabulary.
   *
   * @throws UserError if the file cannot be read any more
   */
  public String tokenizerJson() {
    return texts.tokenizer().get();
  }

  /** Where {@link #tokenizerJson} comes from, for messages: the path of a file. */
  public String tokenizerSource() {
    return texts.tokenizerSource();
  }

  /** Where {@link #config} comes from, for messages: the path of a file. */
  public String configSource() {
    return texts.configSource();
  }

  /** tokenizer_config.json, or an empty object where there is none; not to be changed. */
  public JsonNode tokenizerConfig() {
    return texts.tokenizerConfig();
  }

  /**
   * The chat template, Jinja: chat_template.jinja, else chat_template of tokenizer_config.json, of
   * several named ones the one called "default"; empty where there is none.
   */
  public Optional<String> chatTemplate() {
    return texts.chatTemplate();
  }

  /** The tensors of supported types, in the order of their names. */
  public List<TensorInfo> tensors() {
    return List.copyOf(weights.tensors());
  }

  /**
   * A tensor that the model cannot do without.
   *
   * @param shape what it must be; none means a scalar ({@link #find} takes any shape)
   * @throws UserError if it is missing (naming the nearest ones), of another shape or of a type
   *     that is not supported
   */
  public TensorInfo require(String name, long... shape) {
    return weights.require(folder, name, Arrays.stream(shape).boxed().toList());
  }

  /**
   * A tensor of any shape that may be there.
   *
   * @throws UserError if it is there, but its type is not supported: it must not pass for absent
   */
  public Optional<TensorInfo> find(String name) {
    return weights.find(name);
  }

  /**
   * Maps a piece of a tensor into memory.
   *
   * @param tensor of this checkpoint
   * @param fromByte first byte, from the start of the tensor, where a row of its outermost axis
   *     begins
   * @param bytes length, of whole rows, at most 2^31-1
   * @return read-only, direct, little-endian; valid as long as it is reachable
   * @throws IllegalArgumentException if the tensor is not of this checkpoint or the piece not
   *     inside it
   * @throws UserError if the file cannot be read any more or has shrunk
   */
  public ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    return weights.map(tensor, fromByte, bytes);
  }

  /**
   * Whether {@link #map} gives the file's own bytes. Where it does not, what it gives is memory of
   * this process, which counts against -XX:MaxDirectMemorySize: take small pieces and let them go.
   *
   * @param tensor of this checkpoint
   */
  public boolean isMapped(TensorInfo tensor) {
    return weights.isMapped(tensor);
  }

  /** Number of stored weights: the elements of all tensors, a tied one counted once. */
  public long parameters() {
    return weights.tensors().stream().mapToLong(TensorInfo::elements).sum();
  }

  /** Bytes of all tensors as they are mapped: what is quantised counts as float32. */
  public long bytes() {
    return weights.tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  /**
   * How the weights lie in their files.
   *
   * @throws UserError if a file is there no more
   */
  public StoredWeights stored() {
    return weights.stored();
  }

  /**
   * Names the checkpoint by its content, wherever it lies: SHA-256 over config.json,
   * tokenizer.json, tokenizer_config.json, the chat template and, for each weight file in the order
   * of their names, its size, its header (every tensor's name, type and shape), the first, middle
   * and last MiB of its data and the first 4 KiB of each tensor. Of a GGUF file, the same of that
   * file: its header holds all else. Of a TorchScript program, the texts and every byte.
   *
   * <p>Tens of GB are not read for a name: of a file with more than 3 MiB of data, a change that
   * spares all of these bytes goes unseen. Any fine-tuning moves them; a flipped bit need not.
   *
   * <p>Reads the files anew at each call; keep the result.
   *
   * @return 64 lower-case hexadecimal digits
   * @throws UserError if a file cannot be read any more
   */
  public String fingerprint() {
    return weights.fingerprint(this);
  }
}
