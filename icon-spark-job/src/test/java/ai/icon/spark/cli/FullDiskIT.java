package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.icon.spark.rows.QuotaFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk fills up while scoring; with room again the same command goes on. */
@Timeout(180)
class FullDiskIT {
  private static final int LEFT = 24_000;

  @TempDir Path place;
  private Path mounted = Path.of("");

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    QuotaFileSystem.ROOM.set(Long.MAX_VALUE);
    if (!mounted.toString().isEmpty()) {
      run("umount", mounted.toString());
    }
  }

  /** Also a run folder of a scheme that is not the local disk's: nothing may drop it. */
  @Test
  void aQuotaOfAFileSystem() throws IOException {
    Path folder = place.resolve("run");
    List<String> command = command("quota://" + folder);

    JobFixture.icon(JobFixture.with(command, "--until", "assess")).succeeded();
    QuotaFileSystem.ROOM.set(LEFT);
    JobFixture.Ended full = JobFixture.icon(command);
    QuotaFileSystem.ROOM.set(Long.MAX_VALUE);

    refused(full, "quota:" + folder);
    goesOn(command, folder, "quota:" + folder + "/selection");
  }

  @Test
  void aDiskThatIsReallyFull() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(place.resolve("disk"));
    boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()) == 0;
    assumeTrue(isMounted, "no right to mount a disk here");
    mounted = disk;
    Path folder = disk.resolve("run");
    // The doctor would refuse so small a disk at once.
    List<String> command = JobFixture.with(command(folder.toString()), "--doctor", "false");

    JobFixture.icon(JobFixture.with(command, "--until", "assess")).succeeded();
    Path filler = disk.resolve("filler");
    long room = Files.getFileStore(disk).getUsableSpace();
    Files.write(filler, new byte[Math.toIntExact(room - LEFT)]);
    JobFixture.Ended full = JobFixture.icon(command);
    Files.delete(filler);

    refused(full, "file:" + folder);
    goesOn(command, folder, folder + "/selection");
  }

  private List<String> command(String out) throws IOException {
    return new JobFixture(place)
        .run(
            60,
            12,
            "--candidates",
            "40",
            "--budget",
            "20%",
            "--shard-tokens",
            "1000",
            "--out",
            out,
            "--conf",
            "spark.hadoop.fs.quota.impl=" + QuotaFileSystem.class.getName());
  }

  private static void refused(JobFixture.Ended full, String folder) {
    assertThat(full.code()).as(full.err()).isEqualTo(4);
    assertThat(full.err())
        .contains("Cannot write " + folder, "the disk is full", "No space left on device")
        .contains("Make room there, then run the same command again")
        .doesNotContain("mistake of its own");
  }

  private static void goesOn(List<String> command, Path folder, String last) throws IOException {
    JobFixture.Ended done = JobFixture.icon(command).succeeded();
    assertThat(done.lastLine()).isEqualTo(last);
    assertThat(JobFixture.files(folder))
        .noneMatch(file -> file.getFileName().toString().contains("_tmp"));
    assertThat(JobFixture.column(folder, ai.icon.spark.rows.Table.SELECTION, "sample_id"))
        .isNotEmpty();
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }
}
