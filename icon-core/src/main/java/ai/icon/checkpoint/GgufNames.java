package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds for every tensor of a GGUF what Hugging Face calls it and how its values are changed. */
final class GgufNames {
  /** Block number, part, number of an expert in files of early 2024, kind. */
  private static final Pattern NAME =
      Pattern.compile("(?:blk\\.(\\d{1,5})\\.)?([a-z0-9_]+?)(?:\\.(\\d{1,5}))?\\.(weight|bias)");

  /** What is no weight: rotary factors, which the config takes up. */
  private static final Pattern ROTARY =
      Pattern.compile("rope_(freqs|factors_long|factors_short)\\.weight|.*attn_rot_embd.*");

  private static final int MAX_EXPERTS = 1_024;

  private final GgufFile file;
  private final GgufFamily family;

  private GgufNames(GgufFile file, GgufFamily family) {
    this.file = file;
    this.family = family;
  }

  /**
   * The tensors under Hugging Face's names, in the order of the names.
   *
   * @throws UserError if one is none that the family has: it would be left out of the model in
   *     silence
   */
  static Map<String, GgufView> views(GgufFile file, GgufFamily family) {
    GgufNames names = new GgufNames(file, family);
    Map<String, GgufView> views = new TreeMap<>();
    for (GgufTensor tensor : file.tensors().values()) {
      for (GgufView view : names.views(tensor)) {
        GgufView other = views.put(view.name(), view);
        if (other != null) {
          throw Unreadable.weights(
              file.path(),
              "tensors '%s' and '%s' are both %s"
                  .formatted(other.stored().name(), tensor.name(), view.name()));
        }
      }
    }
    return views;
  }

  private List<GgufView> views(GgufTensor tensor) {
    if (ROTARY.matcher(tensor.name()).matches()) {
      return List.of();
    }
    Matcher parts = NAME.matcher(tensor.name());
    if (!parts.matches()) {
      throw unknown(tensor);
    }
    String part = parts.group(2);
    String kind = "." + parts.group(4);
    if (parts.group(1) == null) {
      String outside =
          Optional.ofNullable(family.outside().get(part)).orElseThrow(() -> unknown(tensor));
      return List.of(changed(GgufView.of(outside + kind, tensor), part));
    }
    String block = family.block() + Integer.parseInt(parts.group(1)) + ".";
    if (parts.group(3) != null) {
      String one =
          Optional.ofNullable(family.stacked().get(part + "_exps"))
              .orElseThrow(() -> unknown(tensor));
      int number = Integer.parseInt(parts.group(3));
      return List.of(GgufView.of(block + one.formatted(number) + kind, tensor));
    }
    if (family.stacked().containsKey(part)) {
      return unstacked(tensor, block, family.stacked().get(part), kind);
    }
    String inside =
        Optional.ofNullable(family.inside().get(part)).orElseThrow(() -> unknown(tensor));
    return List.of(changed(GgufView.of(block + inside + kind, tensor), part));
  }

  private List<GgufView> unstacked(GgufTensor tensor, String block, String one, String kind) {
    List<Long> shape = tensor.shape();
    if (shape.size() < 2) {
      throw Unreadable.weights(
          file.path(),
          "tensor '%s' must have an axis of numbers, got shape %s".formatted(tensor.name(), shape));
    }
    if (shape.get(0) > MAX_EXPERTS) {
      throw Unreadable.weights(
          file.path(),
          "tensor '%s' must be of at most %d experts, got shape %s"
              .formatted(tensor.name(), MAX_EXPERTS, shape));
    }
    List<Long> rest = shape.subList(1, shape.size());
    long values = rest.stream().reduce(1L, (a, b) -> a * b);
    List<GgufView> views = new ArrayList<>();
    for (int i = 0; i < shape.get(0); i++) {
      String name = block + one.formatted(i) + kind;
      views.add(new GgufView(name, rest, tensor, i * values, new GgufOrder.Same(), false));
    }
    return views;
  }

  private GgufView changed(GgufView view, String part) {
    return switch (family.change()) {
      case NONE -> view;
      case PAIRED_ROTARY ->
          part.equals("attn_q") || part.equals("attn_k") ? halves(view, part) : view;
      case NORM_PLUS_ONE -> part.endsWith("norm") ? view.withoutOne() : view;
      case QKV_APART -> part.equals("attn_qkv") ? headByHead(view) : view;
      case TRANSPOSED -> isMatrixOfBlock(view, part) ? transposed(view) : view;
    };
  }

  private GgufView halves(GgufView view, String part) {
    long heads = heads(part.equals("attn_q") ? "head_count" : "head_count_kv");
    checkRows(view, 2 * heads);
    return view.in(new GgufOrder.Halves(view.shape().get(0) / heads));
  }

  private GgufView headByHead(GgufView view) {
    long heads = heads("head_count");
    checkRows(view, 3 * heads);
    return view.in(new GgufOrder.HeadByHead(heads, view.shape().get(0) / (3 * heads)));
  }

  private static boolean isMatrixOfBlock(GgufView view, String part) {
    return view.shape().size() == 2 && !part.endsWith("_embd") && !part.equals("output");
  }

  private GgufView transposed(GgufView view) {
    checkRows(view, 1);
    List<Long> shape = List.of(view.shape().get(1), view.shape().get(0));
    return new GgufView(view.name(), shape, view.stored(), 0, new GgufOrder.Transposed(), false);
  }

  private long heads(String key) {
    GgufMetadata metadata = file.metadata();
    String prefix = family.architecture() + ".attention.";
    long heads =
        metadata
            .integer(prefix + key)
            .orElseGet(() -> metadata.requireInteger(prefix + "head_count"));
    if (heads < 1 || heads > 1 << 20) {
      throw Unreadable.weights(
          file.path(), "metadata %s must be from 1 to 2^20, got %d".formatted(prefix + key, heads));
    }
    return heads;
  }

  /** A row is sought anywhere in its tensor, which is mapped whole for that. */
  private void checkRows(GgufView view, long divisor) {
    GgufTensor stored = view.stored();
    if (view.shape().get(0) % divisor != 0
        || view.rowValues() % stored.type().blockValues() != 0
        || stored.bytes() > Integer.MAX_VALUE) {
      throw Unreadable.weights(
          file.path(),
          "tensor '%s' must have a multiple of %d rows of whole blocks and less than 2^31 bytes, got shape %s of type %s"
              .formatted(stored.name(), divisor, view.shape(), stored.type()));
    }
  }

  private UserError unknown(GgufTensor tensor) {
    return new UserError(
        "Cannot use %s: tensor '%s' is none that a model of architecture \"%s\" has here"
            .formatted(file.path(), tensor.name(), family.architecture()),
        "The model would be run without it, and wrongly. Use another model, or the Hugging Face"
            + " folder that the file was made from.");
  }
}
