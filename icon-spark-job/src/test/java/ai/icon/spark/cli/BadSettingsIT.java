package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each refusal takes seconds: exit code 2, one message with the cure, nothing else. */
class BadSettingsIT {
  @TempDir Path place;
  private JobFixture job;
  private List<String> command;
  private Path out;

  @BeforeEach
  void make() throws IOException {
    job = new JobFixture(place);
    out = job.path("out");
    command = job.run(12, 6, "--candidates", "4", "--out", out.toString());
  }

  @Test
  void optionsThatCannotBe() {
    refused(with("--candidate", "5"), "--candidate", "Did you mean --candidates?");
    refused(with("--measure", "nonsense"), "icon.score.measure", "rico, icon, log", "nonsense");
    refused(with("--dtype", "float8"), "icon.model.dtype", "float32", "float8");
    refused(with("--candidates", "-3"), "icon.score.candidates", "from 1", "-3");
    refused(with("--candidates", "0"), "icon.score.candidates", "from 1", "got 0");
    refused(with("--budget", "0"), "icon.selection.budget", "above 0", "got 0");
    refused(with("--until", "selection"), "--until", "Did you mean --until select?");
  }

  @Test
  void modelsThatCannotBe() throws IOException {
    refused(with("--model", job.path("nosuch").toString()), "nosuch");
    Path bare = Files.createDirectory(job.path("bare"));
    refused(with("--model", bare.toString()), "config.json");
    Path other = Files.createDirectory(job.path("other"));
    try (var files = Files.list(JobFixture.MODEL)) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
    }
    Path config = other.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceAll("\"model_type\": \"[a-z]+\"", "\"model_type\": \"mamba\"")
            .replaceAll("[A-Za-z]+ForCausalLM", "MambaForCausalLM"));
    refused(with("--model", other.toString()), "amba", "lama");
  }

  @Test
  void poolsThatCannotBe() throws IOException {
    refused(with("--pool", job.path("nosuch.jsonl").toString()), "the pool", "nosuch.jsonl");
    refused(with("--pool", job.write("empty.jsonl", List.of()).toString()), "it is empty");
    Path bad = job.write("bad.jsonl", List.of("{\"a\": 1}", "no json"));
    refused(with("--pool", bad.toString()), "2 of 2 rows were rejected", "--max-reject-share");
  }

  @Test
  void columnsThatNoRowHas() throws IOException {
    refused(with("--columns", "instruction=nosuch"), "nosuch", "its keys are", "--columns");
    refused(
        drawn("--columns", "instruction=nosuch", "--stratify-by", "planted"),
        "map instruction",
        "\"nosuch\"",
        "planted");
    refused(with("--columns", "input=nosuch"), "input", "\"nosuch\"", "--columns input=COLUMN");
    refused(with("--columns", "id=nosuch"), "map id", "\"nosuch\"");
    refused(drawn("--columns", "id=nosuch", "--stratify-by", "planted"), "map id", "\"nosuch\"");
    refused(with("--columns", "group=nosuch"), "map group", "\"nosuch\"", "assessment file");
    refused(with("--columns", "nosuch=output"), "icon.pool.columns", "nosuch");
    // A folder of its own: the columns that were given stay with a run.
    refused(
        drawn("--stratify-by", "nosuch", "--out", job.path("another").toString()),
        "\"nosuch\"",
        "--stratify-by");
  }

  @Test
  void budgetsAboveThePoolAreFoundBeforeScoring() {
    refused(with("--budget", "5000"), "5000", "above the pool of", "Give at most");
    assertThat(out.resolve("_icon/commits")).doesNotExist();
    refused(with("--budget", "2000000tokens"), "2000000 tokens", "above the pool of");
    refused(with("--budget", "1%"), "1% of", "is no sample");
    assertThat(out.resolve("_icon/stages/score.started.json")).doesNotExist();
  }

  @Test
  void assessmentFilesThatCannotBeAreFoundBeforeThePoolIsRead() throws IOException {
    refused(assessment(job.path("nosuch.jsonl")), "the assessment file", "nosuch.jsonl");
    refused(assessment(job.write("empty.jsonl", List.of())), "the assessment file", "empty");
    refused(assessment(job.write("bad.jsonl", List.of("{}", "x"))), "2 of 2 rows cannot be used");
    Path released =
        job.write(
            "released.jsonl",
            List.of(
                "{\"dataset\": \"d\", \"inputs\": \"Q:\", \"response\": \"A\", \"group\": \"g\"}"));
    refused(
        JobFixture.with(assessment(released), "--template", "chat"),
        "--template chat",
        "Use --template rico");
    assertThat(out.resolve("samples")).doesNotExist();
    assertThat(out.resolve("_icon/stages/ingest.json")).doesNotExist();
  }

  @Test
  void foldersThatCannotBe() throws IOException {
    Path file = job.write("file", List.of("x"));
    refused(with("--out", file.toString()), "it is a file", "--out");
    refused(with("--out", file.resolve("below").toString()), "Cannot write to run folder");
    Path full = Files.createDirectory(job.path("full"));
    Files.writeString(full.resolve("thesis.txt"), "x");
    refused(with("--out", full.toString()), "holds no run: thesis.txt", "--out");
    assertThat(full).isDirectoryContaining("glob:**thesis.txt");
    refused(List.of("status", "--out", job.path("never").toString()), "no run was ever begun");
    refused(
        List.of("select", "--out", job.path("never").toString(), "--master", "local[1]"),
        "stage rank is not complete");
  }

  @Test
  void anotherRunsFolderIsLeftAsItIs() throws IOException {
    JobFixture.icon(JobFixture.with(command, "--until", "assess")).succeeded();
    SortedMap<String, String> before = JobFixture.changes(out);
    String settings = Files.readString(out.resolve("_icon/settings.json"));

    refused(with("--max-prompt-tokens", "77"), "ingest", "promptTokens", "1024", "77", "--redo");
    refused(with("--assessment-size", "3"), "assess", "assessment.size", "0", "3", "--redo");
    refused(with("--redo", "score", "--until", "assess"), "Cannot redo stage score");

    assertThat(Files.readString(out.resolve("_icon/settings.json"))).isEqualTo(settings);
    assertThat(JobFixture.changes(out)).isEqualTo(before);
  }

  private List<String> with(String... more) {
    return JobFixture.with(command, more);
  }

  private List<String> assessment(Path file) {
    return with("--assessment", file.toString());
  }

  private List<String> drawn(String... more) {
    return JobFixture.with(with("--assessment", ""), more);
  }

  private static void refused(List<String> arguments, String... said) {
    JobFixture.Ended ended = JobFixture.icon(arguments);

    assertThat(ended.err()).startsWith("icon: ").contains(said);
    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).doesNotContain("\tat ").doesNotContain("Exception");
    List<String> lines = ended.err().lines().toList();
    assertThat(lines).hasSizeGreaterThan(1);
    assertThat(lines.stream().filter(line -> line.startsWith("icon: "))).hasSize(1);
    // The cure stands in a line of its own.
    assertThat(lines.get(lines.size() - 1)).matches("  [A-Z\"].*");
  }
}
