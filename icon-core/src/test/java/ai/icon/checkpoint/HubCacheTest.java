package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.single;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout that huggingface_hub writes: refs, snapshots of links, blobs. */
class HubCacheTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Path HOME = Path.of("/home/ada");

  @TempDir Path place;
  private HubCache hub;
  private Path model;

  @BeforeEach
  void cache() {
    hub = new HubCache(place.resolve("hub"));
    model = hub.root().resolve("models--Ada--Small-1.5B_x");
  }

  @Test
  void theToolsOwnVariablesSayWhereItLies() {
    assertThat(root(Map.of())).isEqualTo("/home/ada/.cache/huggingface/hub");
    assertThat(root(Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo("/x/huggingface/hub");
    assertThat(root(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/hf"))).isEqualTo("/hf/hub");
    assertThat(root(Map.of("HF_HOME", "~/hf"))).isEqualTo("/home/ada/hf/hub");
    assertThat(root(Map.of("HF_HOME", "", "HF_HUB_CACHE", " ")))
        .isEqualTo("/home/ada/.cache/huggingface/hub");
    assertThat(root(Map.of("HF_HOME", "/hf", "HUGGINGFACE_HUB_CACHE", "/old"))).isEqualTo("/old");
    assertThat(root(Map.of("HF_HUB_CACHE", "/new", "HUGGINGFACE_HUB_CACHE", "/old")))
        .isEqualTo("/new");
  }

  @Test
  void anIdIsTheSnapshotOfItsMainRevision() throws IOException {
    Path snapshot = download(COMMIT);
    ref("main", COMMIT + "\n");

    assertThat(hub.find("Ada/Small-1.5B_x")).contains(snapshot);
    assertThat(hub.find("Ada/Other")).isEmpty();
    assertThat(hub.find("Ada/Small-1.5B_x@v2")).isEmpty();
  }

  @Test
  void aRevisionIsABranchATagAPullRequestOrACommit() throws IOException {
    Path first = download("c1");
    Path second = download("c2");
    ref("v1.0", "c1");
    ref("refs/pr/3", "c2");

    assertThat(hub.find("Ada/Small-1.5B_x@v1.0")).contains(first);
    assertThat(hub.find("Ada/Small-1.5B_x@refs/pr/3")).contains(second);
    assertThat(hub.find("Ada/Small-1.5B_x@c2")).contains(second);
    assertThat(hub.find("Ada/Small-1.5B_x")).as("no main").isEmpty();
  }

  @Test
  void aRefThatNamesNoCommitIsNone() throws IOException {
    download("c1");
    ref("main", "../../../etc");
    assertThat(hub.find("Ada/Small-1.5B_x")).isEmpty();
    ref("main", "");
    assertThat(hub.find("Ada/Small-1.5B_x")).isEmpty();
  }

  @Test
  void aModelOfNoOrganisationIsFoundToo() throws IOException {
    model = hub.root().resolve("models--gpt2");
    Path snapshot = download("c1");
    ref("main", "c1");

    assertThat(hub.find("gpt2")).contains(snapshot);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/b", "a/b/c", "../b", "a/..", "a/b@", "a/b@../x", "", "a b/c", "~/x"})
  void whatIsNoIdIsNotLookedFor(String text) {
    assertThat(HubCache.isId(text)).isFalse();
    assertThat(hub.locate(text)).isEqualTo(Path.of(text));
    assertThatThrownBy(() -> hub.find(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid model id: must be ORG/NAME");
  }

  @Test
  void aCheckpointIsOpenedByItsId() throws IOException {
    Path snapshot = download("c1");
    ref("main", "c1");

    Checkpoint checkpoint = Checkpoint.open(Path.of("Ada/Small-1.5B_x"), hub);

    assertThat(checkpoint.folder()).isEqualTo(snapshot);
    assertThat(checkpoint.parameters()).isEqualTo(10);
    assertThat(checkpoint.fingerprint())
        .isEqualTo(Checkpoint.open(single(place.resolve("copy"))).fingerprint());
  }

  @Test
  void aLocalFolderOfThatNameWins() throws IOException {
    model = hub.root().resolve("models--src--main");
    download("c1");
    ref("main", "c1");

    assertThat(hub.find("src/main")).isPresent();
    assertThat(hub.locate("src/main")).isEqualTo(Path.of("src/main"));
  }

  @Test
  void whatIsNotThereIsAnsweredWithTheCommandThatDownloadsIt() {
    assertThatThrownBy(() -> Checkpoint.open(Path.of("Ada/Absent@v2"), hub))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot open checkpoint Ada/Absent@v2: no such folder; it looks like the id of a model"
                + " on a hub, it is not in the cache "
                + hub.root()
                + ", and nothing is downloaded\n"
                + "  Run 'hf download Ada/Absent --revision v2' (of the Python package"
                + " huggingface_hub) and give the same id again.");
  }

  @Test
  void aDownloadInPartIsToldApart() throws IOException {
    Path snapshot = download("c1");
    ref("main", "c1");
    Files.delete(model.resolve("blobs/model.safetensors"));
    assertThatThrownBy(() -> hub.find("Ada/Small-1.5B_x"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot open checkpoint Ada/Small-1.5B_x: it was downloaded in part: "
                + snapshot
                + " lacks the files behind [model.safetensors]")
        .hasMessageContaining("hf download Ada/Small-1.5B_x");

    Files.delete(snapshot.resolve("model.safetensors"));
    assertThatThrownBy(() -> hub.find("Ada/Small-1.5B_x"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(snapshot + " holds no weights");
  }

  private static String root(Map<String, String> environment) {
    return HubCache.of(environment, HOME).root().toString();
  }

  /** Blobs under names of their own kind, and a snapshot of relative links to them. */
  private Path download(String commit) throws IOException {
    Path blobs = single(model.resolve("blobs"));
    Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(commit));
    try (Stream<Path> files = Files.list(blobs)) {
      for (Path blob : files.toList()) {
        Path name = blob.getFileName();
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs").resolve(name));
      }
    }
    return snapshot;
  }

  private void ref(String revision, String commit) throws IOException {
    Path ref = model.resolve("refs").resolve(revision);
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, commit);
  }
}
