package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.TorchScriptFile;
import ai.icon.decoder.ModelOutline;
import ai.icon.decoder.ProgramOutline;
import ai.icon.error.UserError;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program whose logits are a formula of all ids up to a place. */
class TorchScriptLossModelIT {
  private static final int VOCABULARY = 17;
  private static final String FORWARD =
      """
      class Decoder(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Decoder, ids: Tensor, mask: Tensor) -> RESULT:
          seen = torch.cumsum(torch.mul(ids, mask), 1)
          centre = torch.remainder(torch.add(torch.mul(seen, 3), 1), 17)
          place = torch.arange(17, dtype=6, device=ops.prim.device(ids))
          away = torch.sub(torch.unsqueeze(torch.to(centre, 6), 2), place)
          logits = torch.neg(torch.mul(torch.mul(away, away), 0.05))
          return VALUE
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"Tensor=logits", "Tuple[Tensor, Tensor]=(logits, seen)"})
  void lossesAreThoseOfTheFormulaBehindAnyPrefix(String result) throws IOException {
    int[] prefix = {3, 1, 4};
    Continuation first = new Continuation(new int[] {1, 5, 9, 2, 6}, 2);
    Continuation second = new Continuation(new int[] {5, 3, 5}, 1);
    try (DeviceModel program = load(program(result));
        EncodedPrefix encoded = program.lossModel().encode(prefix);
        EncodedPrefix nothing = program.lossModel().encode(new int[0])) {
      assertThat(encoded.length()).isEqualTo(3);
      LengthBatch batch = new LengthBatch(List.of(0, 1), List.of(first, second));
      for (EncodedPrefix each : List.of(encoded, nothing)) {
        int[] before = each == encoded ? prefix : new int[0];
        assertClose(each.losses(batch).get(0).tokenNll(), before, first);
        assertClose(each.losses(batch).get(1).tokenNll(), before, second);
      }
    }
  }

  @Test
  void idsAndLengthsAreChecked() throws IOException {
    try (DeviceModel program = load(program("Tensor=logits"));
        EncodedPrefix nothing = program.lossModel().encode(new int[0])) {
      assertThat(program.lossModel().contextLength()).isEqualTo(32);
      assertThatThrownBy(() -> program.lossModel().encode(new int[] {17}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid token id: must be in [0, 17), got 17");
      LengthBatch tooLong = new LengthBatch(List.of(0), List.of(new Continuation(new int[33], 1)));
      assertThatThrownBy(() -> nothing.losses(tooLong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must fit the context of 32 tokens, got 0 + 33");
    }
  }

  @Test
  void logitsOfAnotherShapeAreRefused() throws IOException {
    LengthBatch batch = new LengthBatch(List.of(0), List.of(new Continuation(new int[4], 1)));
    try (DeviceModel program = load(program("Tensor=seen"));
        EncodedPrefix nothing = program.lossModel().encode(new int[0])) {
      assertThatThrownBy(() -> nothing.losses(batch))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("its logits must be (1, 4, 17), got (1, 4)");
    }
  }

  @Test
  void aProgramThatTakesOtherThingsIsRefused() throws IOException {
    Path path = folder.resolve("m.pt");
    String text = FORWARD.replace("RESULT", "Tensor").replace("VALUE", "logits");
    Files.write(
        path, TorchScriptArchive.of(text.replace(", mask: Tensor", "").replace("mask", "ids")));
    LengthBatch batch = new LengthBatch(List.of(0), List.of(new Continuation(new int[4], 1)));
    try (DeviceModel program = load(path);
        EncodedPrefix nothing = program.lossModel().encode(new int[0])) {
      assertThatThrownBy(() -> nothing.losses(batch))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Cannot run the TorchScript program " + path)
          .hasMessageContaining("It must take ids and mask");
    }
  }

  @Test
  void anArchiveWhoseProgramIsNoneIsRefused() throws IOException {
    Path path = folder.resolve("m.pt");
    Files.write(path, TorchScriptArchive.of("class Decoder(Module):\n  def forward(self\n"));

    assertThatThrownBy(() -> load(path))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot load the TorchScript archive " + path);
  }

  @Test
  void aProgramIsOutlinedByTheConfigBesideItAndEmbedsNothing() throws IOException {
    Path path = program("Tensor=logits");
    try (DeviceModel program = load(path)) {
      ModelOutline outline = DeviceModel.outline(Checkpoint.open(path));
      assertThat(outline).isEqualTo(new ProgramOutline("", 17, 32, Files.size(path)));
      assertThat(outline.embeds()).isFalse();
      assertThat(DeviceModel.weightBytes(outline, Precision.BFLOAT16)).isEqualTo(Files.size(path));
      assertThatThrownBy(program::embedder)
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Cannot embed with " + path)
          .hasMessageContaining("Use --selector ngram.");
    }
    Files.writeString(folder.resolve("config.json"), "{\"vocab_size\": 17}");
    assertThatThrownBy(() -> DeviceModel.outline(Checkpoint.open(path)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.resolve("config.json") + ": max_position_embeddings must be");
  }

  @Test
  void theFingerprintIsOfEveryByteAndOfTheTextsBesideIt() throws IOException {
    Path path = program("Tensor=logits");
    load(path).close();
    String whole = Checkpoint.open(path).fingerprint();
    assertThat(Checkpoint.open(folder).fingerprint()).as("by its folder").isEqualTo(whole);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    for (String name : List.of("program.pt", "config.json", "tokenizer.json")) {
      Files.copy(folder.resolve(name), elsewhere.resolve(name));
    }
    Path copy = Files.move(elsewhere.resolve("program.pt"), elsewhere.resolve("other.pt"));
    assertThat(Checkpoint.open(copy).fingerprint()).isEqualTo(whole);

    byte[] bytes = Files.readAllBytes(copy);
    for (int at : new int[] {bytes.length / 3, bytes.length / 2}) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      Files.write(copy, changed);
      assertThat(Checkpoint.open(copy).fingerprint()).isNotEqualTo(whole);
    }
    Files.write(copy, bytes);
    Files.writeString(elsewhere.resolve("tokenizer_config.json"), "{}");
    assertThat(Checkpoint.open(copy).fingerprint()).isNotEqualTo(whole);
  }

  @Test
  void aStateDictOrAProgramWithoutConfigIsNoCheckpoint() throws IOException {
    Path path = program("Tensor=logits");
    assertThatThrownBy(() -> Checkpoint.open(path))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it has no file config.json");
    load(path).close();
    assertThatThrownBy(() -> Checkpoint.open(path).require("model.norm.weight", 4))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a TorchScript program keeps them to itself");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
    }
    assertThatThrownBy(() -> Checkpoint.open(path))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("an archive without a program, as torch.save writes it")
        .hasMessageContaining("no pickle is ever loaded");
  }

  @Test
  void whatIsNoWholeArchiveNeverReachesTheLibrary() throws IOException {
    byte[] whole = Files.readAllBytes(program("Tensor=logits"));
    Path path = folder.resolve("cut.pt");
    Files.write(path, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> TorchScriptFile.open(path))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot open TorchScript archive " + path + ": it is no whole zip")
        .hasMessageContaining("no pickle is ever loaded");
    Files.write(path, new byte[] {(byte) 0x80, 2, '}', '.'});
    assertThatThrownBy(() -> TorchScriptFile.open(path))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no pickle is ever loaded")
        .hasMessageContaining("torch.jit.save");
    assertThatThrownBy(() -> TorchScriptFile.open(folder.resolve("absent.pt")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no such file");
  }

  private Path program(String result) throws IOException {
    String[] parts = result.split("=", -1);
    Path path = folder.resolve("program.pt");
    String text = FORWARD.replace("RESULT", parts[0]).replace("VALUE", parts[1]);
    return Files.write(path, TorchScriptArchive.of(text));
  }

  /** Sizes beside it, as a user would lay them there. */
  private static DeviceModel load(Path path) throws IOException {
    Files.writeString(path.resolveSibling("tokenizer.json"), "{}");
    Files.writeString(
        path.resolveSibling("config.json"),
        "{'vocab_size': 17, 'max_position_embeddings': 32}".replace('\'', '"'));
    return DeviceModel.load(Checkpoint.open(path), Precision.FLOAT32, "cpu", 1, new CallGate());
  }

  private static void assertClose(float[] nll, int[] prefix, Continuation continuation) {
    int[] ids = IntStream.concat(IntStream.of(prefix), IntStream.of(continuation.ids())).toArray();
    int start = prefix.length + continuation.responseStart();
    assertThat(nll).hasSize(ids.length - start);
    for (int at = start; at < ids.length; at++) {
      int centre = (IntStream.of(ids).limit(at).sum() * 3 + 1) % VOCABULARY;
      double total = 0;
      for (int id = 0; id < VOCABULARY; id++) {
        total += Math.exp(-0.05 * (id - centre) * (id - centre));
      }
      double expected = Math.log(total) + 0.05 * (ids[at] - centre) * (ids[at] - centre);
      assertThat((double) nll[at - start]).isCloseTo(expected, within(1e-5));
    }
  }
}
