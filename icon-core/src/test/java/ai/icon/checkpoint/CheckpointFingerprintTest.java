package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.text;
import static ai.icon.checkpoint.CheckpointFixture.withoutWeights;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFingerprintTest {
  private static final int MIB = 1 << 20;
  private static final int DATA = 8 * MIB;

  @TempDir Path temp;
  private Path folder;
  private String before;

  /** Two tensors of 2.5 and 5.5 MiB: only a part of them is sampled. */
  @BeforeEach
  void checkpoint() {
    folder = withoutWeights(temp.resolve("model"));
    text(folder, "tokenizer_config.json", "{\"chat_template\": \"t\"}");
    new SafetensorsWriter()
        .tensor("a", "F16", new byte[5 * MIB / 2], 5 * MIB / 4)
        .tensor("b", "F16", new byte[11 * MIB / 2], 11 * MIB / 4)
        .write(folder.resolve("model.safetensors"));
    before = fingerprint(folder);
  }

  @Test
  void isSha256InHexAndStable() {
    assertThat(before).matches("[0-9a-f]{64}").isEqualTo(fingerprint(folder));
  }

  @Test
  void moveDoesNotChangeIt() throws IOException {
    Path copy = Files.createDirectories(temp.resolve("elsewhere/renamed"));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }

    assertThat(fingerprint(copy)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, MIB - 1, 7 * MIB / 2, 9 * MIB / 2 - 1, DATA - MIB, DATA - 1, 5 * MIB / 2})
  void flippedWeightByteInSampleChangesIt(int dataByte) throws IOException {
    flip(dataByte);

    assertThat(fingerprint(folder)).isNotEqualTo(before);
  }

  /** Documents the limit that the Javadoc states. */
  @Test
  void flippedWeightByteOutsideSampleGoesUnseen() throws IOException {
    flip(3 * MIB / 2);

    assertThat(fingerprint(folder)).isEqualTo(before);
  }

  @Test
  void everyTextChangesIt() {
    text(folder, "config.json", "{\"model_type\": \"llama\" }");
    String config = fingerprint(folder);
    text(folder, "tokenizer.json", "{\"version\": \"1.1\"}");
    String tokenizer = fingerprint(folder);
    text(folder, "tokenizer_config.json", "{\"chat_template\": \"t\", \"x\": 1}");
    String tokenizerConfig = fingerprint(folder);
    text(folder, "chat_template.jinja", "u");
    String chatTemplate = fingerprint(folder);

    assertThat(new String[] {before, config, tokenizer, tokenizerConfig, chatTemplate})
        .doesNotHaveDuplicates();
  }

  @Test
  void renamedTensorChangesIt() {
    new SafetensorsWriter()
        .tensor("a", "F16", new byte[5 * MIB / 2], 5 * MIB / 4)
        .tensor("c", "F16", new byte[11 * MIB / 2], 11 * MIB / 4)
        .write(folder.resolve("model.safetensors"));

    assertThat(fingerprint(folder)).isNotEqualTo(before);
  }

  @Test
  void flippedByteInAShardChangesIt() throws IOException {
    Path shards = CheckpointFixture.sharded(temp.resolve("shards"));
    String whole = fingerprint(shards);
    flip(shards.resolve("model-2.safetensors"), 15);

    assertThat(fingerprint(shards)).isNotEqualTo(whole);
  }

  private static String fingerprint(Path folder) {
    return Checkpoint.open(folder).fingerprint();
  }

  private void flip(int dataByte) throws IOException {
    flip(folder.resolve("model.safetensors"), dataByte);
  }

  private static void flip(Path file, int dataByte) throws IOException {
    long position = SafetensorsFile.open(file).dataStart() + dataByte;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 1)).flip();
      channel.write(one, position);
    }
  }
}
