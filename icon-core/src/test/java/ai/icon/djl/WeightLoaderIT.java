package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TensorInfo;
import ai.icon.error.UserError;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatches;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to weights on their way into libtorch, beside the losses that they give. */
class WeightLoaderIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "llama-tied, model.layers.1.mlp.up_proj.weight, 7fc0",
    "llama-tied, model.norm.weight, ff80",
    "phi3, model.layers.2.self_attn.qkv_proj.weight, 7fc0",
    "gpt2, transformer.h.0.attn.c_attn.weight, 7c00",
    "gpt-neox, gpt_neox.layers.0.attention.query_key_value.bias, 7fc00000"
  })
  void aNumberThatIsNotFiniteIsRefusedWithFileAndTensor(String name, String tensor, String bits)
      throws IOException {
    copy(name);
    TensorInfo info = Checkpoint.open(folder).find(tensor).orElseThrow();
    int bytes = bits.length() / 2;
    try (RandomAccessFile file = new RandomAccessFile(info.file().toFile(), "rw")) {
      file.seek(info.offset() + 5L * bytes);
      for (int i = bytes - 1; i >= 0; i--) { // little-endian
        file.write(Integer.parseInt(bits, 2 * i, 2 * i + 2, 16));
      }
    }
    for (Precision precision : Precision.values()) {
      assertThatThrownBy(() -> DjlDecoder.load(Checkpoint.open(folder), precision, "cpu", 1))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Cannot use tensor '" + tensor + "' of " + info.file())
          .hasMessageContaining("1 of the numbers read from it are NaN or infinite in")
          .hasMessageContaining("Download the weights again");
    }
  }

  @Test
  void largeWeightsWhoseSumOverflowsAreNoInfinities() throws IOException {
    copy("gpt-neox");
    TensorInfo info = Checkpoint.open(folder).find("embed_out.weight").orElseThrow();
    try (RandomAccessFile file = new RandomAccessFile(info.file().toFile(), "rw")) {
      for (int i = 0; i < 2; i++) { // 0x7f7f0000 is 3.39e38: two of them overflow
        file.seek(info.offset() + 4L * i);
        file.write(new byte[] {0, 0, 0x7f, 0x7f});
      }
    }
    DjlDecoder.load(Checkpoint.open(folder), Precision.FLOAT32, "cpu", 1).close();
  }

  @Test
  void namesOfTheBareModelAreFound() throws IOException {
    copy("gpt2");
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    String text = new String(bytes, 8, header, StandardCharsets.UTF_8);
    String bare = text.replace("\"transformer.", "\"");
    byte[] padded =
        (bare + " ".repeat(text.length() - bare.length())).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(padded, 0, bytes, 8, header);
    Files.write(file, bytes);
    assertThat(Checkpoint.open(folder).find("wte.weight")).isPresent();
    assertThat(nll(folder)).containsExactly(nll(Golden.folder("gpt2")));
  }

  @ParameterizedTest
  @CsvSource({"llama-tied, FLOAT32", "gpt2, FLOAT32", "gpt-neox, BFLOAT16", "phi3, BFLOAT16"})
  void theBytesToldBeforehandAreThoseThatTheWeightsTake(String name, Precision precision) {
    Checkpoint checkpoint = Checkpoint.open(Golden.folder(name));
    try (DjlDecoder decoder = DjlDecoder.load(checkpoint, precision, "cpu", 1)) {
      assertThat(decoder.weightBytes())
          .isEqualTo(DjlDecoder.weightBytes(DjlDecoder.spec(checkpoint), precision))
          .isBetween(
              checkpoint.parameters() * precision.bytes(),
              checkpoint.parameters() * precision.bytes() * 103 / 100);
    }
  }

  private static float[] nll(Path checkpoint) {
    Golden.Case golden = Golden.cases("gpt2").get(0);
    List<Continuation> one = List.of(new Continuation(golden.ids(), golden.start()));
    try (DjlDecoder decoder =
            DjlDecoder.load(Checkpoint.open(checkpoint), Precision.FLOAT32, "cpu", 1);
        EncodedPrefix prefix = new DjlLossModel(decoder).encode(new int[0])) {
      return prefix.losses(LengthBatches.plan(one, 1_000).get(0)).get(0).tokenNll();
    }
  }

  private void copy(String name) throws IOException {
    try (Stream<Path> files = Files.list(Golden.folder(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }
}
