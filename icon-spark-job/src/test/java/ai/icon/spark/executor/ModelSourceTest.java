package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.HubCache;
import ai.icon.djl.Precision;
import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on a file system of another scheme, whose files lie in a folder of this machine. */
class ModelSourceTest {
  private static final Path MODEL = Path.of("../icon-core/src/test/resources/golden/llama");

  private static final Path GGUF =
      Path.of("../icon-core/src/test/resources/golden/gguf/llama-q4_1.gguf");

  @TempDir private Path place;
  private Path remote;
  private Path cache;

  @BeforeEach
  void copyModel() throws IOException {
    remote = Files.createDirectory(place.resolve("remote"));
    cache = place.resolve("cache");
    try (Stream<Path> files = Files.list(MODEL)) {
      for (Path file : files.toList()) {
        Files.copy(file, remote.resolve(file.getFileName()));
      }
    }
    CountedFileSystem.reset();
  }

  @Test
  void aPathIsTheFolderItself() {
    assertThat(source(MODEL.toString()).folder("")).isEqualTo(MODEL);
    assertThat(source(remote.toUri().toString()).folder("").toAbsolutePath()).isEqualTo(remote);
    assertThat(Files.exists(cache)).isFalse();
  }

  @Test
  void aCheckpointOfAnotherFileSystemIsFetchedUnderItsFingerprint() throws IOException {
    String fingerprint = Checkpoint.open(MODEL).fingerprint();

    Path fetched = source(uri()).folder("");

    assertThat(fetched).isEqualTo(cache.resolve(fingerprint));
    assertThat(Checkpoint.open(fetched).fingerprint()).isEqualTo(fingerprint);
    assertThat(names(fetched))
        .contains("config.json", "tokenizer.json", "chat_template.jinja")
        .contains("model-00002-of-00003.safetensors");
  }

  @Test
  void theNextOneFindsItFetched() {
    String fingerprint = Checkpoint.open(MODEL).fingerprint();
    Path first = source(uri()).folder("");
    int opened = CountedFileSystem.opened();

    assertThat(source(uri()).folder("")).isEqualTo(first);
    assertThat(source(uri()).folder(fingerprint)).isEqualTo(first);
    assertThat(CountedFileSystem.opened()).isEqualTo(opened).isPositive();
  }

  @Test
  void manyAtOnceFetchItOnce() throws Exception {
    int files = names(remote).size();
    CyclicBarrier together = new CyclicBarrier(4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Path>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(
            () -> {
              together.await();
              return source(uri()).folder("");
            });
      }
      for (Future<Path> fetched : threads.invokeAll(tasks)) {
        assertThat(fetched.get()).isEqualTo(cache.resolve(Checkpoint.open(MODEL).fingerprint()));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(CountedFileSystem.opened()).isLessThanOrEqualTo(files);
  }

  @Test
  void aDamagedCopyIsFetchedAgain() throws IOException {
    Path fetched = source(uri()).folder("");
    String fingerprint = fetched.getFileName().toString();
    Files.writeString(fetched.resolve("config.json"), "{}");

    assertThat(source(uri()).folder(fingerprint)).isEqualTo(fetched);
    assertThat(Checkpoint.open(fetched).fingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void whatAKilledFetchLeftIsSwept() throws IOException {
    Path fetched = source(uri()).folder("");
    String part =
        names(cache).stream().filter(name -> name.endsWith(".lock")).findFirst().orElseThrow();
    Path left = Files.createDirectory(cache.resolve(part.replace(".lock", ".part")));
    Files.writeString(left.resolve("model-00001-of-00003.safetensors"), "half");
    try (Stream<Path> files = Files.walk(fetched)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    assertThat(source(uri()).folder(fetched.getFileName().toString())).isEqualTo(fetched);
    assertThat(left).doesNotExist();
  }

  @Test
  void aChangedCheckpointIsRefusedWhereTheRunKnowsWhatItBeganWith() throws IOException {
    String fingerprint = Checkpoint.open(MODEL).fingerprint();
    Files.writeString(remote.resolve("tokenizer_config.json"), "{}");

    assertThatThrownBy(() -> source(uri()).folder(fingerprint))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use the model " + uri() + ": it is not the one that the run")
        .hasMessageContaining(fingerprint.substring(0, 12));
    assertThat(names(cache)).noneMatch(name -> name.endsWith(".part"));
    assertThat(source(uri()).folder(""))
        .as("another one for a new run")
        .isNotEqualTo(cache.resolve(fingerprint))
        .isDirectory();
  }

  @Test
  void aFileThatComesShortIsRefusedAndLeavesNothing() throws IOException {
    CountedFileSystem.pretendLonger(1);

    assertThatThrownBy(() -> source(uri()).folder(""))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("Cannot keep the checkpoint " + uri() + " in " + cache)
        .hasMessageContaining("bytes, but ");
    assertThat(names(cache)).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void aCheckpointLargerThanTheDiskIsRefusedBeforeTheFirstByte() {
    CountedFileSystem.pretendLonger(Long.MAX_VALUE / 100);

    assertThatThrownBy(() -> source(uri()).folder(""))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("Cannot keep the checkpoint " + uri() + " in " + cache)
        .hasMessageContaining("MiB are free")
        .hasMessageContaining("--model-cache");
    assertThat(CountedFileSystem.opened()).isZero();
  }

  @Test
  void aFolderWithoutWeightsIsRefused() throws IOException {
    try (Stream<Path> files = Files.list(remote)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".safetensors")).toList()) {
        Files.delete(file);
      }
    }

    assertThatThrownBy(() -> source(uri()).folder(""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot fetch checkpoint " + uri() + ": it has neither *.safetensors nor *.gguf");
  }

  @Test
  void aGgufFileIsItselfWhereItLiesAndFetchedFromElsewhere() throws IOException {
    assertThat(source(GGUF.toString()).folder("")).isEqualTo(GGUF);
    Path remoteFile = Files.copy(GGUF, remote.resolve("q4.gguf"));
    String fingerprint = Checkpoint.open(GGUF).fingerprint();

    Path fetched = source("counted:" + remoteFile).folder("");

    assertThat(fetched).isEqualTo(cache.resolve(fingerprint));
    assertThat(names(fetched)).containsExactly("q4.gguf");
    assertThat(Checkpoint.open(fetched).fingerprint()).isEqualTo(fingerprint);
    assertThat(source("counted:" + remoteFile).folder(fingerprint)).isEqualTo(fetched);
    assertThat(CountedFileSystem.opened()).isEqualTo(1);
  }

  @Test
  void aFolderOfGgufFilesIsFetchedIfItHoldsOneAndRefusedIfMore() throws IOException {
    Path folder = Files.createDirectory(place.resolve("ggufs"));
    Files.copy(GGUF, folder.resolve("q4.gguf"));
    assertThat(names(source("counted:" + folder).folder(""))).containsExactly("q4.gguf");
    Files.copy(GGUF, folder.resolve("also.gguf"));
    int opened = CountedFileSystem.opened();

    assertThatThrownBy(() -> source("counted:" + folder).folder(""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it holds 2 GGUF files: [also.gguf, q4.gguf]")
        .hasMessageContaining("Name the file that is meant");
    assertThat(CountedFileSystem.opened()).isEqualTo(opened);
  }

  @Test
  void aPlaceThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> source(uri() + "/nowhere").folder(""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read checkpoint " + uri() + "/nowhere: FileNotFound");
    assertThatThrownBy(() -> source("nofs://x/model").folder(""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read checkpoint nofs://x/model: ")
        .hasMessageContaining("jars for its scheme");
  }

  @Test
  void onlySettingsThatAMachineWouldNotFindByItselfTravel() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.s3a.endpoint", "http://here");

    Map<String, String> travelling = source("s3a://b/model", hadoop).hadoop();

    assertThat(travelling).containsEntry("fs.s3a.endpoint", "http://here").hasSizeLessThan(20);
    assertThat(source(MODEL.toString(), hadoop).hadoop()).isEmpty();
  }

  @Test
  void theCacheIsAmongTheTemporaryFilesUnlessNamed() {
    assertThat(new ModelSource("m", "", new TreeMap<>()).cacheFolder())
        .isEqualTo(
            Path.of(
                System.getProperty("java.io.tmpdir"),
                "icon-models-" + System.getProperty("user.name")));
    assertThat(source("m").cacheFolder()).isEqualTo(cache);
  }

  @Test
  void anIdIsTakenFromTheCacheOfTheMachineInTheDriversCommit() throws IOException {
    HubCache drivers = new HubCache(place.resolve("driver"));
    Path there = download(drivers, "c1");
    ModelSource source = source("ada/small", drivers);
    HubCache newer = new HubCache(place.resolve("newer"));
    Path same = download(newer, "c1");
    download(newer, "c2");
    HubCache empty = new HubCache(place.resolve("empty"));

    assertThat(source.location()).isEqualTo("ada/small");
    assertThat(source.snapshot()).isEqualTo(there.toString());
    assertThat(source.folder("", newer)).isEqualTo(same);
    assertThat(source.folder("", empty)).as("one cache that all machines see").isEqualTo(there);
    assertThat(source("ada/small", empty).snapshot()).isEmpty();
    assertThat(source("ada/small", empty).folder("", newer).getFileName()).hasToString("c2");
    assertThat(source("ada/small@c1", newer).folder("", newer)).isEqualTo(same);
    Files.delete(same.resolve("model.safetensors"));
    assertThat(source.folder("", newer)).as("its own is broken").isEqualTo(there);
  }

  @Test
  void aFolderOfThatNameGoesBeforeTheCache() throws IOException {
    HubCache hub = new HubCache(place.resolve("hub"));
    Path snapshot = hub.root().resolve("models--src/snapshots/c1");
    Files.createDirectories(snapshot);
    Files.createFile(snapshot.resolve("model.safetensors"));

    assertThat(source("src@c1", hub).snapshot()).isEqualTo(snapshot.toString());
    assertThat(source("src", hub).snapshot()).isEmpty();
    assertThat(source("src", hub).folder("", hub)).isEqualTo(Path.of("src"));
  }

  private static Path download(HubCache hub, String commit) throws IOException {
    Path model = hub.root().resolve("models--ada--small");
    Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(commit));
    Files.createFile(snapshot.resolve("model.safetensors"));
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), commit);
    return snapshot;
  }

  private ModelSource source(String location, HubCache hub) {
    return ModelSource.of(model(location), new Configuration(), hub);
  }

  private String uri() {
    return "counted:" + remote;
  }

  private ModelSource source(String location) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.counted.impl", CountedFileSystem.class.getName());
    return source(location, hadoop);
  }

  private ModelSource source(String location, Configuration hadoop) {
    return ModelSource.of(model(location), hadoop);
  }

  private ModelConfig model(String location) {
    return new ModelConfig(
        location, Precision.FLOAT32, ModelConfig.Device.CPU, 1, cache.toString());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
