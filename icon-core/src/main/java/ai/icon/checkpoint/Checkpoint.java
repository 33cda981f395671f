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
 * safetensors weights, in one file or in shards. Everything but the weights' values is read and
 * checked when it is opened; the values are mapped piece by piece. Immutable and thread-safe; holds
 * no file open.
 */
public final class Checkpoint {
  static final String CONFIG = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  private final Path folder;
  private final JsonNode config;
  private final JsonNode tokenizerConfig;
  private final Optional<String> chatTemplate;
  private final WeightFiles weights;

  private Checkpoint(
      Path folder,
      JsonNode config,
      JsonNode tokenizerConfig,
      Optional<String> chatTemplate,
      WeightFiles weights) {
    this.folder = folder;
    this.config = config;
    this.tokenizerConfig = tokenizerConfig;
    this.chatTemplate = chatTemplate;
    this.weights = weights;
  }

  /** As {@link #open(Path, HubCache)} with the cache of this process. */
  public static Checkpoint open(Path folder) {
    return open(folder, HubCache.ofThisProcess());
  }

  /**
   * Opens a folder and checks its files. Nothing is downloaded and no pickle is ever loaded.
   *
   * @param path the folder; where there is none, the id of a model that the cache holds
   * @throws UserError if it is no such folder (a hub id, a GGUF file and pickled weights each have
   *     their own message), or a file is missing, malformed, cut short or at odds with another
   */
  public static Checkpoint open(Path path, HubCache cache) {
    Path folder = cache.locate(path.toString());
    CheckpointPath.requireFolder(folder, cache);
    WeightFiles weights = WeightFiles.open(folder);
    Path config =
        CheckpointPath.requireFile(folder, CONFIG, "Download it from where the weights came from.");
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
    JsonNode stored = JsonFile.object(config);
    Optional<Quantization> quantization = Quantization.of(stored, config);
    return new Checkpoint(
        folder,
        Quantization.asRead(stored),
        tokenizerConfig,
        ChatTemplateSource.read(folder, tokenizerConfig),
        quantization.map(weights::readUp).orElse(weights));
  }

  /** The folder, as it was given, or the snapshot of the id that was given. */
  public Path folder() {
    return folder;
  }

  /**
   * config.json, an object; not to be changed. The key quantization_config is left out: readers see
   * weights that are not quantised.
   */
  public JsonNode config() {
    return config;
  }

  /**
   * tokenizer.json as text, known to be JSON throughout. Read anew at each call; tens of MB for a
   * large vocabulary.
   *
   * @throws UserError if the file cannot be read any more
   */
  public String tokenizerJson() {
    return JsonFile.text(folder.resolve(TOKENIZER));
  }

  /** Where {@link #tokenizerJson} comes from, for messages: the path of a file. */
  public String tokenizerSource() {
    return folder.resolve(TOKENIZER).toString();
  }

  /** Where {@link #config} comes from, for messages: the path of a file. */
  public String configSource() {
    return folder.resolve(CONFIG).toString();
  }

  /** tokenizer_config.json, or an empty object where there is none; not to be changed. */
  public JsonNode tokenizerConfig() {
    return tokenizerConfig;
  }

  /**
   * The chat template, Jinja: chat_template.jinja, else chat_template of tokenizer_config.json, of
   * several named ones the one called "default"; empty where there is none.
   */
  public Optional<String> chatTemplate() {
    return chatTemplate;
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
   * @param fromByte first byte, from the start of the tensor
   * @param bytes length, at most 2^31-1
   * @return read-only, direct, little-endian; valid as long as it is reachable
   * @throws IllegalArgumentException if the tensor is not of this checkpoint or the piece not
   *     inside it
   * @throws UserError if the file cannot be read any more or has shrunk
   */
  public ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    return weights.map(tensor, fromByte, bytes);
  }

  /** Number of stored weights: the elements of all tensors, a tied one counted once. */
  public long parameters() {
    return weights.tensors().stream().mapToLong(TensorInfo::elements).sum();
  }

  /** Bytes of all tensors as they are stored. */
  public long bytes() {
    return weights.tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  /**
   * Names the checkpoint by its content, wherever it lies: SHA-256 over config.json,
   * tokenizer.json, tokenizer_config.json, the chat template and, for each weight file in the order
   * of their names, its size, its header (every tensor's name, type and shape), the first, middle
   * and last MiB of its data and the first 4 KiB of each tensor.
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
    return CheckpointFingerprint.of(this, weights.files());
  }
}
