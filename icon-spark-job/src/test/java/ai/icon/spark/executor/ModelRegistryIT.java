package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.DeviceModel;
import ai.icon.djl.NodeLock;
import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.loss.LossModel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ModelRegistryIT {
  private static final DeviceAssignment CPU = new DeviceAssignment("h", "0", "1", "cpu");

  private final ModelRegistry registry = new ModelRegistry();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
    registry.end();
  }

  @Test
  void weightsAreLoadedOnceForAllTasksAndWaysOfWriting() throws Exception {
    Checkpoint checkpoint = Checkpoint.open(Path.of(RegistryFixture.MODEL));
    List<Callable<DeviceModel>> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ModelKey key = RegistryFixture.key(i % 2 == 0 ? "\n" : "\n\n");
      tasks.add(
          () -> {
            double loss = registry.open(key).score(RegistryFixture::pass);
            assertThat(loss).isPositive();
            return registry.device(CPU).use(key.weights(), checkpoint, decoder -> decoder);
          });
    }
    DeviceModel first = threads.submit(tasks.get(0)).get();

    for (Future<DeviceModel> decoder : threads.invokeAll(tasks)) {
      assertThat(decoder.get()).isSameAs(first);
    }
    assertThat(registry.open(RegistryFixture.key("\n")))
        .isSameAs(registry.open(RegistryFixture.key("\n")))
        .isNotSameAs(registry.open(RegistryFixture.key("\n\n")));
  }

  @Test
  void aPretendedGpuIsRefusedByLibtorchItself() {
    DeviceAssignment pretended = new DeviceAssignment("worker-7", "3", "1", "gpu:1");
    ModelKey key = RegistryFixture.key("\n");
    Checkpoint checkpoint = Checkpoint.open(Path.of(RegistryFixture.MODEL));

    assertThatThrownBy(
            () -> registry.device(pretended).use(key.weights(), checkpoint, decoder -> decoder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use GPU address 1 (CUDA's 1) of executor 3 on worker-7: libtorch 2.")
        .hasMessageContaining("sees no CUDA.")
        .hasMessageContaining("use --device cpu");
    assertThat(registry.open(key).score(RegistryFixture::pass)).isPositive();
  }

  @Test
  void tokenisingLoadsNoWeight() {
    LoadedModel model = registry.open(RegistryFixture.key("\n"));

    assertThat(model.sequences().demonstration("one two").ids()).isNotEmpty();
    assertThat(model.contextLength()).isPositive();
    assertThat(model.use().loadSeconds()).isZero();
    assertThat(model.score(RegistryFixture::pass)).isPositive();
    assertThat(model.use().loadSeconds()).isPositive();
  }

  @Test
  void oneComputesAtATimeWhileOthersTokenise() throws Exception {
    LoadedModel model = registry.open(RegistryFixture.key("\n"));
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch tokenised = new CountDownLatch(1);
    List<Future<Double>> passes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      passes.add(
          threads.submit(
              () ->
                  model.score(
                      losses -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        computing.countDown();
                        awaited(tokenised);
                        double loss = RegistryFixture.pass(losses);
                        inside.decrementAndGet();
                        return loss;
                      })));
    }
    awaited(computing);

    assertThat(model.sequences().demonstration("while others compute").ids()).isNotEmpty();
    tokenised.countDown();
    for (Future<Double> pass : passes) {
      assertThat(pass.get()).isPositive();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void closingWaitsForThePassThatRunsAndTurnsAwayTheOthers() throws Exception {
    LoadedModel model = registry.open(RegistryFixture.key("\n"));
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Future<Double> running =
        threads.submit(
            () ->
                model.score(
                    losses -> {
                      double loss = RegistryFixture.pass(losses);
                      computing.countDown();
                      awaited(mayEnd);
                      return loss;
                    }));
    awaited(computing);
    List<Future<Double>> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(threads.submit(() -> model.score(RegistryFixture::pass)));
    }
    Future<?> closing = threads.submit(registry::end);

    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(closing).as("while a task computes").isNotDone();
    mayEnd.countDown();
    closing.get();

    assertThat(running.get()).isPositive();
    waiting.forEach(one -> assertTurnedAway(one));
    assertThatThrownBy(() -> model.score(RegistryFixture::pass))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("Cannot use device cpu: this process is ending.");
  }

  @Test
  void longWorkEndsAtItsNextNativeCall() throws Exception {
    LoadedModel model = registry.open(RegistryFixture.key("\n"));
    CountDownLatch computing = new CountDownLatch(1);
    AtomicInteger passes = new AtomicInteger();
    List<Future<Double>> endless = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      endless.add(
          threads.submit(
              () ->
                  model.score(
                      losses -> {
                        while (true) {
                          keepOn(losses, passes, computing);
                        }
                      })));
    }
    awaited(computing);

    registry.end();

    int atTheEnd = passes.get();
    endless.forEach(one -> assertTurnedAway(one));
    assertThat(passes).hasValue(atTheEnd);
  }

  private static void keepOn(LossModel losses, AtomicInteger passes, CountDownLatch computing) {
    RegistryFixture.pass(losses);
    if (passes.incrementAndGet() == 3) {
      computing.countDown();
    }
  }

  private static void assertTurnedAway(Future<Double> task) {
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("process is ending")
        .hasMessageContaining("takes the run up");
  }

  @Test
  void aSessionThatIsClosedLeavesARegistryThatLoadsAnew() {
    LoadedModel model = ModelRegistry.model(RegistryFixture.key("\n"));
    double loss = model.score(RegistryFixture::pass);

    new ModelPlugin().executorPlugin().shutdown();

    assertThat(model.use().loadSeconds()).isZero();
    assertThat(model.score(RegistryFixture::pass)).isEqualTo(loss);
  }

  @Test
  void aFailedOpeningIsTriedAgainAndStopsNoOther(@TempDir Path place) throws Exception {
    Path later = place.resolve("model");
    ModelKey missing = at(later.toString(), place);
    assertThatThrownBy(() -> registry.open(missing))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot open checkpoint " + later);

    ModelKey slow = at("counted:" + later, place);
    String lock = lockOf(slow, place);
    Future<?> opening =
        NodeLock.holding(
            place.resolve("cache").resolve(lock),
            () -> {
              Future<?> begun = threads.submit(() -> registry.open(slow));
              assertThat(registry.open(RegistryFixture.key("\n"))).isNotNull();
              assertThat(begun).as("waits for the lock").isNotDone();
              return begun;
            });
    assertThatThrownBy(opening::get).hasMessageContaining("Cannot read checkpoint counted:");

    Files.createDirectory(later);
    try (Stream<Path> files = Files.list(Path.of(RegistryFixture.MODEL))) {
      for (Path file : files.toList()) {
        Files.copy(file, later.resolve(file.getFileName()));
      }
    }
    assertThat(registry.open(missing).contextLength()).isPositive();
    assertThat(registry.open(slow).score(RegistryFixture::pass)).isPositive();
  }

  @Test
  void aTokenizerWithAnIdThatTheModelHasNoRowForIsRefused(@TempDir Path place) throws IOException {
    Path model = Files.createDirectory(place.resolve("model"));
    try (Stream<Path> files = Files.list(Path.of(RegistryFixture.MODEL))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    Path tokenizer = model.resolve("tokenizer.json");
    String more = "\"added_tokens\": [{\"id\": 99999, \"content\": \"<x>\", \"special\": false},";
    String text = Files.readString(tokenizer);
    Files.writeString(tokenizer, text.replace("\"added_tokens\": [", more));
    ModelKey key = RegistryFixture.key("\n");
    ModelKey other =
        new ModelKey(
            new ModelSource(model.toString(), "", new TreeMap<>()),
            ModelSummary.of(model.toString()).fingerprint(),
            key.precision(),
            key.device(),
            key.threads(),
            key.prompt());

    assertThatThrownBy(() -> registry.open(other))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use the tokenizer " + tokenizer)
        .hasMessageContaining("token \"<x>\" has id 99999, but the model of " + model);
  }

  /** The lock's name is the cache's own affair: the one that a first try leaves. */
  private String lockOf(ModelKey key, Path place) throws IOException {
    assertThatThrownBy(() -> registry.open(key)).isInstanceOf(UserError.class);
    try (Stream<Path> files = Files.list(place.resolve("cache"))) {
      return files.findFirst().orElseThrow().getFileName().toString();
    }
  }

  private static ModelKey at(String location, Path place) {
    ModelKey key = RegistryFixture.key("\n");
    TreeMap<String, String> hadoop = new TreeMap<>();
    hadoop.put("fs.counted.impl", CountedFileSystem.class.getName());
    return new ModelKey(
        new ModelSource(location, place.resolve("cache").toString(), hadoop),
        key.fingerprint(),
        key.precision(),
        key.device(),
        key.threads(),
        key.prompt());
  }

  @Test
  void aProcessThatIsTerminatedInAPassEndsWithoutACrash(@TempDir Path place) throws Exception {
    Path crash = place.resolve("crash.log");
    Path output = place.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ErrorFile=" + crash,
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path").replace('\n', File.pathSeparatorChar),
                RegistryFixture.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      while (!Files.readString(output).contains("computing")) {
        assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(128 + 15);
    assertThat(crash).doesNotExist();
    assertThat(Files.readString(output)).doesNotContain("SIGSEGV");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
