package ai.icon.checkpoint;

import static ai.icon.checkpoint.GgufFixture.WIDTH;
import static ai.icon.checkpoint.GgufFixture.count;
import static ai.icon.checkpoint.GgufFixture.metadata;
import static ai.icon.checkpoint.GgufFixture.outside;
import static ai.icon.checkpoint.GgufFixture.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** GGUF files that are cut, lie or are of another kind are refused with file, tensor and cure. */
class DamagedGgufTest {
  private static final byte[] MOST = {-1, -1, -1, -1, -1, -1, -1, 127};

  @TempDir Path folder;

  /** How a file is made, and what must be said about it. */
  record Case(String name, byte[] bytes, List<String> words) {
    Case(String name, GgufWriter file, String... words) {
      this(name, file.bytes(), List.of(words));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource({"headers", "keys", "tensors", "models"})
  void isRefused(Case damage) throws IOException {
    Path file = Files.write(folder.resolve("model.gguf"), damage.bytes());

    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(damage.words().toArray(String[]::new))
        // One line of what, one line of cure.
        .hasMessageMatching("(?s)Cannot [^\n]+\n  [A-Z][^\n]+");
  }

  static Stream<Case> headers() {
    return Stream.of(
        new Case("empty", new byte[0], List.of("has 0 bytes and ends inside the magic number")),
        new Case(
            "other magic",
            new byte[] {71, 71, 77, 76, 0, 0, 0, 0},
            List.of("does not begin with GGUF")),
        new Case("version 1", whole().version(1), "is of version 1", "2 and 3"),
        new Case("version 9", whole().version(9), "is of version 9"),
        new Case("big-endian", whole().version(3 << 24), "is big-endian", "convert_hf_to_gguf.py"),
        new Case(
            "cut in a key",
            cut(whole(), 40),
            List.of("the number of tensors is 11, but 24 bytes are left")),
        new Case(
            "more keys than bytes", whole().claiming(Long.MAX_VALUE, -1), "number of metadata"),
        new Case("one key too many", whole().claiming(17, -1), "Cannot read weights"),
        new Case(
            "more tensors than bytes", whole().claiming(-1, 1L << 40), "the number of tensors is"),
        new Case(
            "cut in the data",
            cut(whole(), -40),
            List.of("tensor 'blk.0.ffn_down.weight'", "cut short")),
        new Case("no data", cut(whole(), -2592), List.of("cut short")));
  }

  static Stream<Case> keys() {
    return Stream.of(
        new Case("unknown type", whole().raw("x", 13), "metadata x has type 13, known are 0 to 12"),
        new Case(
            "text of 2^63-1 bytes", whole().raw("x", 8, MOST), "the length of x", "bytes are left"),
        new Case(
            "list of 2^63-1",
            whole().raw("x", 9, join(new byte[] {8, 0, 0, 0}, MOST)),
            "the length of x"),
        new Case(
            "list of an unknown type",
            whole().raw("x", 9, join(new byte[] {77, 0, 0, 0}, MOST)),
            "has type 77"),
        new Case("lists without end", whole().raw("x", 9, nested(50)), "lists in each other, at x"),
        new Case(
            "text that is none",
            whole().raw("x", 8, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xC3, 0x28}),
            "x is no UTF-8"),
        new Case(
            "boolean of 2",
            whole().raw("x", 7, (byte) 2),
            "metadata x must be 0 or 1, a boolean, got 2"),
        new Case(
            "beyond 2^63",
            whole().raw("x", 10, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}),
            "18446744073709551615, beyond"),
        new Case("a key twice", whole().integer("x", 1).integer("x", 1), "it has metadata x twice"),
        new Case(
            "alignment of 24", whole().integer("general.alignment", 24), "power of 2", "got 24"),
        new Case("alignment of 0", whole().integer("general.alignment", 0), "power of 2", "got 0"),
        new Case(
            "heads are a text",
            outside().text("llama.rope.freq_base", "x"),
            "llama.rope.freq_base must be a number, got a text"));
  }

  static Stream<Case> tensors() {
    long far = 1L << 40;
    return Stream.of(
        new Case(
            "a tensor twice",
            whole()
                .floats("output.weight", count(48, 0), 6, WIDTH)
                .floats("output.weight", count(48, 0), 6, WIDTH),
            "it has tensor 'output.weight' twice"),
        new Case(
            "no dimension",
            whole().tensorAt("output.weight", 0, 0),
            "tensor 'output.weight' must have 1 to 4 dimensions, got 0"),
        new Case(
            "a size of 0",
            whole().tensorAt("output.weight", 0, 0, 0, 8),
            "tensor 'output.weight' must have sizes from 1"),
        new Case(
            "a negative size",
            whole().tensorAt("output.weight", 0, 0, -6, 8),
            "tensor 'output.weight' must have sizes from 1"),
        new Case(
            "sizes beyond 2^63",
            whole().tensorAt("output.weight", 0, 0, far, far),
            "tensor 'output.weight' has a shape beyond 2^63-1"),
        new Case(
            "larger than the file",
            whole().tensorAt("output.weight", 0, 0, far, 8),
            "tensor 'output.weight' of type F32",
            "header lies"),
        new Case(
            "begins behind the end",
            whole().tensorAt("output.weight", 0, far, 6, 8),
            "tensor 'output.weight' of type F32",
            "header lies"),
        new Case(
            "begins before the data",
            whole().tensorAt("output.weight", 0, -64, 6, 8),
            "tensor 'output.weight' must begin at a multiple of 32"),
        new Case(
            "not aligned",
            whole().tensorAt("output.weight", 0, 4, 6, 8),
            "tensor 'output.weight' must begin at a multiple of 32 bytes, got 4"),
        new Case(
            "over another",
            whole().tensorAt("output.weight", 0, 32, 6, 8),
            "tensors",
            "'output.weight' overlap"),
        new Case(
            "rows of half a block",
            whole().tensor("output.weight", 8, new byte[64], 6, 8),
            "tensor 'output.weight' of type Q8_0 must have rows of a multiple of 32"),
        new Case(
            "a type that is not read",
            whole().tensor("output.weight", 16, new byte[64], 6, 256),
            "tensor 'output.weight'",
            "its type is IQ2_XXS, read are F32, F16, Q4_0",
            "Q4_K_M"),
        new Case(
            "a type of no name",
            whole().tensor("output.weight", 99, new byte[64], 6, 256),
            "its type is number 99"));
  }

  static Stream<Case> models() {
    return Stream.of(
        new Case(
            "another architecture",
            metadata("mamba"),
            "general.architecture is \"mamba\", read are [gemma, gemma2"),
        new Case(
            "an adapter",
            metadata("llama").text("general.type", "adapter"),
            "it is of type \"adapter\", not a model"),
        new Case(
            "a part",
            metadata("llama").integer("split.count", 3),
            "it is one of 3 parts",
            "llama-gguf-split --merge"),
        new Case(
            "no size",
            new GgufWriter().text("general.architecture", "llama"),
            "its metadata has no"),
        new Case("no embedding", metadata("llama"), "it has no tensor 'token_embd.weight'"),
        new Case(
            "a tensor of no name",
            outside().floats("blk.0.attn_sinks.weight", count(8, 0), 8),
            "tensor 'blk.0.attn_sinks.weight' is none that a model of architecture \"llama\" has"),
        new Case(
            "rows that are no heads",
            outside().floats("blk.0.attn_q.weight", count(24, 0), 3, 8),
            "tensor 'blk.0.attn_q.weight' must have a multiple of 4 rows"),
        new Case(
            "half of a head rotated",
            outside().integer("llama.rope.dimension_count", 2),
            "llama.rope.dimension_count must be the head's 4, got 2"),
        new Case(
            "odd rotation",
            outside().integer("llama.rope.dimension_count", 3),
            "dimension_count must be even"),
        new Case(
            "scaling without a name",
            outside().text("llama.rope.scaling.type", "longrope"),
            "scaling.type is \"longrope\" without the factors"),
        new Case(
            "factors of nothing known",
            outside().floats("rope_freqs.weight", new float[] {3, 1}, 2),
            "rope_freqs.weight[1] is 1.0; no settings of Llama 3's"),
        new Case(
            "too few factors",
            outside().floats("rope_freqs.weight", new float[] {1}, 1),
            "tensor 'rope_freqs.weight' must hold 2 factors"));
  }

  /** Any byte of a header turned over is refused or harmless, and never anything else. */
  @Test
  void noFlippedByteGoesBeyondAUserError() throws IOException {
    byte[] whole = whole().bytes();
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(1_600)] ^= (byte) (1 << random.nextInt(8));
      Path file = Files.write(folder.resolve("flipped.gguf"), damaged);
      try {
        Checkpoint.open(file);
      } catch (UserError e) {
        refused++;
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  @Test
  void everyCutIsRefused() throws IOException {
    byte[] whole = whole().bytes();
    for (int length = 0; length < whole.length - 32; length += 23) {
      Path file = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(UserError.class);
    }
  }

  @Test
  void aFileThatShrinksIsRefusedWhenItIsMapped() throws IOException {
    Path file = whole().write(folder.resolve("model.gguf"));
    Checkpoint checkpoint = Checkpoint.open(file);
    TensorInfo tensor = checkpoint.require("model.layers.0.mlp.down_proj.weight", 8, 16);
    Files.write(file, cut(whole(), -100));

    assertThatThrownBy(() -> checkpoint.map(tensor, 0, tensor.bytes()))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(file.toString(), "shrunk", "blk.0.ffn_down.weight");
  }

  private static byte[] cut(GgufWriter file, int length) {
    byte[] whole = file.bytes();
    return Arrays.copyOf(whole, length < 0 ? whole.length + length : length);
  }

  private static byte[] join(byte[] left, byte[] right) {
    byte[] joined = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    return joined;
  }

  private static byte[] nested(int depth) {
    byte[] bytes = new byte[12 * depth];
    ByteBuffer lists = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < depth; i++) {
      lists.putInt(9).putLong(1);
    }
    return bytes;
  }
}
