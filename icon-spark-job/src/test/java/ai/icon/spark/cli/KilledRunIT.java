package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.Table;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL in the middle of scoring, then the same command again. */
@Timeout(300)
class KilledRunIT {
  private static final int CORES = 2;

  @TempDir Path place;

  @Test
  void aKilledRunGoesOnWhereItWas() throws IOException, InterruptedException {
    JobFixture job = new JobFixture(place);
    // A shard a candidate: many markers, and a kill always falls between two.
    List<String> command =
        job.run(80, 24, "--candidates", "60", "--budget", "20%", "--shard-tokens", "500");
    Path killed = job.path("killed");
    List<String> again = JobFixture.with(command, "--out", killed.toString());

    killWhile(again, killed, "control-", 2, () -> aSecondDriverIsRefused(again, killed));
    assertThat(status(killed)).as("killed").isEqualTo(6);
    SortedMap<String, String> controls = markers(killed, "control-");
    assertThat(controls).isNotEmpty();
    killWhile(again, killed, "pairs-", 5, () -> {});
    SortedMap<String, String> pairs = markers(killed, "pairs-");
    assertThat(pairs.size()).as("shards done before the kill").isBetween(1, 59);
    SortedMap<String, String> files = JobFixture.changes(killed.resolve("pairs"));

    JobFixture.icon(again).succeeded();
    assertThat(status(killed)).isZero();

    assertThat(markers(killed, "control-")).containsAllEntriesOf(controls);
    assertThat(markers(killed, "pairs-")).hasSize(60).containsAllEntriesOf(pairs);
    // Nothing that a marker vouched for was written again: only shards in flight were.
    SortedMap<String, String> kept = JobFixture.changes(killed.resolve("pairs"));
    long rewritten =
        files.entrySet().stream()
            .filter(file -> file.getKey().startsWith("part-"))
            .filter(file -> !file.getValue().equals(kept.get(file.getKey())))
            .count();
    assertThat(rewritten).isLessThanOrEqualTo(CORES);
    assertThat(JobFixture.files(killed))
        .noneMatch(file -> file.getFileName().toString().contains("_tmp"));
    Path whole = job.path("whole");
    JobFixture.icon(JobFixture.with(command, "--out", whole.toString())).succeeded();
    JobFixture.assertSameResults(killed, whole);
    for (Table table : List.of(Table.BASELINE, Table.CONTROL)) {
      assertThat(JobFixture.rows(killed, table)).isEqualTo(JobFixture.rows(whole, table));
    }
    // Files of three processes: their bytes are those of one.
    for (Table table : List.of(Table.CONTROL, Table.PAIRS, Table.CONTRIBUTIONS, Table.RANKING)) {
      List<Path> written = JobFixture.parquet(killed, table);
      List<Path> others = JobFixture.parquet(whole, table);
      assertThat(written).hasSameSizeAs(others);
      for (int i = 0; i < written.size(); i++) {
        assertThat(written.get(i)).hasSameBinaryContentAs(others.get(i));
      }
    }
  }

  private static void aSecondDriverIsRefused(List<String> command, Path run) {
    assertThat(status(run)).as("running").isEqualTo(5);
    JobFixture.Ended second = JobFixture.icon(command);
    assertThat(second.code()).isEqualTo(4);
    assertThat(second.err()).contains("Cannot take run file:" + run, "is at it, last heard of");
    assertThat(status(run)).as("as before").isEqualTo(5);
  }

  private static int status(Path run) {
    return JobFixture.icon(List.of("status", "--out", run.toString(), "--exit-code")).code();
  }

  /** Starts the command in a process of its own and kills that at the wanted marker. */
  private void killWhile(
      List<String> arguments, Path run, String marker, int wanted, Runnable before)
      throws IOException, InterruptedException {
    Path log = place.resolve("log-" + marker + "txt");
    Process process =
        new ProcessBuilder(java(arguments))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      while (markers(run, marker).size() < wanted) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        TimeUnit.MILLISECONDS.sleep(5);
      }
      freeze(process); // what comes before the kill must not outlast the run
      before.run();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void freeze(Process process) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-STOP", pid).inheritIO().start().waitFor()).isZero();
  }

  private static List<String> java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What Spark needs opened is what this process was started with.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-Xmx1g");
    command.add("-Dai.djl.offline=true");
    command.add("-Dlog4j2.configurationFile=" + Path.of("../conf/log4j2.properties"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path").replace('\n', File.pathSeparatorChar));
    command.add(IconJob.class.getName());
    command.addAll(arguments);
    return command;
  }

  /** Name to last change and content of the markers that are there. */
  private static SortedMap<String, String> markers(Path run, String start) throws IOException {
    SortedMap<String, String> markers = new TreeMap<>();
    Path folder = run.resolve("_icon/commits");
    if (!Files.isDirectory(folder)) {
      return markers;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(start) && name.endsWith(".json")) {
          markers.put(name, Files.getLastModifiedTime(file) + " " + Files.readString(file));
        }
      }
    }
    // A marker that was being written over the kill is not one.
    markers.values().removeIf(content -> !content.strip().endsWith("}"));
    return markers;
  }
}
