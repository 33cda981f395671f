package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ai.icon.decoder.DecoderSpec;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.DjlLossModel;
import ai.icon.djl.DjlTokenizer;
import ai.icon.djl.Precision;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole checkpoints, damaged in one way each, through the door that a user goes in by: opened,
 * tokenizer and decoder loaded, a loss taken. Each is refused with file, tensor where there is one,
 * and cure; none ends the JVM.
 */
class DamagedCheckpointIT {
  @TempDir Path temp;

  @ParameterizedTest
  @MethodSource("llama")
  void isRefused(Damage damage) throws IOException {
    damage.assertRefused(LlamaCopy.of("llama", temp.resolve("model")), DamagedCheckpointIT::open);
  }

  @ParameterizedTest
  @MethodSource("ai.icon.checkpoint.CheckpointDamages#narrow")
  void ofNarrowFloatsIsRefused(Damage damage) throws IOException {
    damage.assertRefused(
        LlamaCopy.of("llama-float8-rows", temp.resolve("model")), DamagedCheckpointIT::open);
  }

  static Stream<Damage> llama() {
    return Stream.of(
            CheckpointDamages.shards(),
            CheckpointDamages.headers(),
            CheckpointDamages.tensors(),
            CheckpointDamages.configs(),
            TokenizerDamages.texts(),
            TokenizerDamages.vocabularies(),
            TokenizerDamages.settings())
        .flatMap(cases -> cases);
  }

  @Test
  void thereAreSixtyOfThemAndEachIsAnother() {
    List<Damage> all = Stream.concat(llama(), CheckpointDamages.narrow()).toList();
    Set<String> names = all.stream().map(Damage::name).collect(Collectors.toSet());

    assertThat(all).hasSizeGreaterThanOrEqualTo(60);
    assertThat(names).hasSameSizeAs(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "llama-float8", "llama-float8-rows"})
  void anUndamagedOneIsNotRefused(String name) throws IOException {
    Path folder = LlamaCopy.of(name, temp.resolve("model"));

    assertThatCode(() -> open(folder)).doesNotThrowAnyException();
  }

  @Test
  void rewritingAFixtureIsNoDamage() throws IOException {
    Path folder = LlamaCopy.of("llama", temp.resolve("model"));
    LlamaCopy.tensors(folder, tensors -> assertThat(tensors).hasSize(30));
    LlamaCopy.config(folder, "torch_dtype", "\"float32\"");
    LlamaCopy.json(folder.resolve("tokenizer.json"), root -> root.put("version", "1.0"));

    assertThatCode(() -> open(folder)).doesNotThrowAnyException();
  }

  private static void open(Path folder) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    DecoderSpec spec = DjlDecoder.spec(checkpoint);
    try (DjlTokenizer tokenizer = DjlTokenizer.open(checkpoint, spec.vocabulary());
        DjlDecoder decoder = DjlDecoder.load(checkpoint, Precision.FLOAT32, "cpu", 1);
        EncodedPrefix nothing = new DjlLossModel(decoder).encode(new int[0])) {
      Continuation words = new Continuation(tokenizer.encode("The river is blue."), 1);
      double loss = nothing.losses(new LengthBatch(List.of(0), List.of(words))).get(0).meanNll();
      assertThat(loss).isFinite();
    }
  }
}
