package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a family's checkpoints call the tensors of a decoder, and how they pack projections. Names
 * stand without their last part, {@code .weight} or {@code .bias}; {@code {layer}}, {@code
 * {expert}} and {@code {head}} stand for numbers from 0. Roles with the same name are packed in one
 * tensor.
 *
 * @param prefix what every name but the output projection's begins with; a checkpoint of the bare
 *     model lacks it
 * @param names a name for every role that the family has
 * @param packing how roles of the same name share a tensor
 * @param isTransposed whether the projections of blocks are stored [in, out]
 */
public record WeightNames(
    String prefix, Map<Role, String> names, Packing packing, boolean isTransposed) {

  /** How roles share a tensor. */
  public enum Packing {
    /** One behind the other: all queries, all keys, all values; or all gates, all ups. */
    STACKED,
    /** For one head after the other its query, key and value. */
    BY_HEAD
  }

  /** The names of Hugging Face's Llama classes, which most families use. */
  static final WeightNames LLAMA =
      new WeightNames(
          "model.",
          Map.ofEntries(
              Map.entry(Role.EMBEDDING, "model.embed_tokens"),
              Map.entry(Role.ATTENTION_NORM, "model.layers.{layer}.input_layernorm"),
              Map.entry(Role.QUERY, "model.layers.{layer}.self_attn.q_proj"),
              Map.entry(Role.KEY, "model.layers.{layer}.self_attn.k_proj"),
              Map.entry(Role.VALUE, "model.layers.{layer}.self_attn.v_proj"),
              Map.entry(Role.QUERY_NORM, "model.layers.{layer}.self_attn.q_norm"),
              Map.entry(Role.KEY_NORM, "model.layers.{layer}.self_attn.k_norm"),
              Map.entry(Role.ATTENTION_OUTPUT, "model.layers.{layer}.self_attn.o_proj"),
              Map.entry(Role.FEED_FORWARD_NORM, "model.layers.{layer}.post_attention_layernorm"),
              Map.entry(Role.GATE, "model.layers.{layer}.mlp.gate_proj"),
              Map.entry(Role.UP, "model.layers.{layer}.mlp.up_proj"),
              Map.entry(Role.DOWN, "model.layers.{layer}.mlp.down_proj"),
              Map.entry(Role.FINAL_NORM, "model.norm"),
              Map.entry(Role.HEAD, "lm_head")),
          Packing.STACKED,
          false);

  /** Copies the names. */
  public WeightNames {
    requireNonNull(prefix, "prefix");
    requireNonNull(packing, "packing");
    names = Map.copyOf(names);
  }

  /** These names with one more, or another one in its place. */
  WeightNames with(Role role, String name) {
    Map<Role, String> more = new EnumMap<>(names);
    more.put(role, name);
    return new WeightNames(prefix, more, packing, isTransposed);
  }

  /** These names behind a prefix that a checkpoint of more than text gives its decoder. */
  WeightNames under(String outer) {
    Map<Role, String> more = new EnumMap<>(Role.class);
    names.forEach((role, name) -> more.put(role, outer + name));
    return new WeightNames(outer, more, packing, isTransposed);
  }

  /** The name of a tensor without its last part. */
  String name(Role role, int layer, int index) {
    String name = names.get(role);
    if (name == null) {
      throw new IllegalArgumentException("Invalid names: none for " + role);
    }
    return name.replace("{layer}", Integer.toString(layer))
        .replace("{expert}", Integer.toString(index))
        .replace("{head}", Integer.toString(index));
  }

  /** A name as a checkpoint of the bare model has it; the same where there is no other. */
  String bare(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  /** What the names of blocks begin with, up to the number of the block. */
  String blocks() {
    String keys = names.get(Role.KEY);
    return keys.substring(0, keys.indexOf("{layer}"));
  }

  /** Whether two roles share a tensor. */
  boolean isPacked(Role role, Role other) {
    return names.containsKey(role) && names.get(role).equals(names.get(other));
  }
}
