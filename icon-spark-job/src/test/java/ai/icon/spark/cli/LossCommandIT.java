package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code loss} over a real model: what it prints, line by line. */
class LossCommandIT {
  private static final Path GOLDEN = Path.of("../icon-core/src/test/resources/golden");
  private static final double TOLERANCE = 2e-4; // nats per token, as the fixtures' README says
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** What a command printed and how it ended. */
  private record Outcome(int code, List<String> lines, String errors) {
    JsonNode json(int line) throws IOException {
      return JSON.readTree(lines.get(line));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "llama3-rope"})
  void everyTokenOfTheGoldenCasesHasItsLoss(String checkpoint) throws IOException {
    assertLosses(
        checkpoint,
        JSON.readTree(GOLDEN.resolve(checkpoint + "/golden.json").toFile()).path("cases"));
  }

  @Test
  void everyTokenOfTheGoldenCasesHasItsLossByAGgufFile() throws IOException {
    JsonNode losses = JSON.readTree(GOLDEN.resolve("gguf/losses.json").toFile());
    assertLosses("gguf/llama-q4_1.gguf", losses.path("llama-q4_1.gguf").path("cases"));
  }

  private void assertLosses(String checkpoint, JsonNode cases) throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode golden : cases) {
      ObjectNode row = JSON.createObjectNode();
      row.set("context", golden.path("context"));
      row.set("prompt", golden.path("prompt"));
      row.set("response", golden.path("response"));
      rows.add(JSON.writeValueAsString(row));
    }
    Outcome outcome = loss(checkpoint, rows);
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.lines()).hasSize(cases.size()).hasSizeGreaterThan(5);
    for (int i = 0; i < cases.size(); i++) {
      JsonNode answer = outcome.json(i);
      JsonNode golden = cases.get(i).path("token_nll");
      assertThat(answer.path("responseTokens").asInt()).isEqualTo(golden.size());
      assertThat(answer.path("tokenNll")).hasSize(golden.size());
      assertThat(answer.path("meanNll").asDouble())
          .isCloseTo(cases.get(i).path("mean_nll").asDouble(), within(TOLERANCE));
      for (int token = 0; token < golden.size(); token++) {
        assertThat(answer.path("tokenNll").get(token).asDouble())
            .isCloseTo(golden.get(token).asDouble(), within(TOLERANCE));
      }
      assertThat(answer.has("cut")).isFalse();
      assertThat(answer.has("error")).isFalse();
    }
  }

  @Test
  void rowsThatCannotBeScoredHaveTheirErrorInTheirPlace() throws IOException {
    String good = "{\"prompt\":\"One two\",\"response\":\" three\"}";
    Outcome outcome =
        loss(
            "llama",
            List.of(
                good,
                "{\"prompt\":\"One two\",",
                "[1]",
                "{\"prompt\":\"One two\"}",
                "{\"prompt\":\"One two\",\"response\":\"\"}",
                "{\"prompt\":\"One two\",\"response\":null}",
                "{\"prompt\":7,\"response\":\"a\"}",
                "{\"response\":\"a\"}",
                good + good,
                "{\"prompt\":\"a\",\"response\":\"\\ud83d\"}",
                "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}",
                "{\"context\":[],\"prompt\":\"a\",\"response\":\"b\"}",
                "{\"prompt\":\"a\",\"response\":\"" + "three window ".repeat(400) + "\"}",
                good));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.lines()).hasSize(14);
    for (int i = 1; i < 13; i++) {
      assertThat(outcome.json(i).properties()).as(outcome.lines().get(i)).hasSize(1);
      assertThat(outcome.json(i).path("error").asText()).isNotBlank();
    }
    assertThat(outcome.json(1).path("error").asText()).startsWith("not JSON: ");
    assertThat(outcome.json(2).path("error").asText()).isEqualTo("not a JSON object");
    assertThat(outcome.json(3).path("error").asText()).isEqualTo("response must be a text");
    assertThat(outcome.json(4).path("error").asText())
        .isEqualTo("Cannot score a question: its response has no tokens");
    assertThat(outcome.json(7).path("error").asText()).isEqualTo("prompt must be a text");
    assertThat(outcome.json(12).path("error").asText())
        .contains("must fit the context of 512 tokens");
    assertThat(outcome.lines().get(13)).isEqualTo(outcome.lines().get(0)).contains("meanNll");
  }

  @Test
  void bytesThatAreNoTextAreAnErrorOfTheirRow() throws IOException {
    Path file = folder.resolve("rows.jsonl");
    try (var out = Files.newOutputStream(file)) {
      out.write("{\"prompt\":\"a\",\"response\":\"b".getBytes(StandardCharsets.UTF_8));
      out.write(0xff);
      out.write("\"}\n{\"prompt\":\"a\",\"response\":\"b\"}".getBytes(StandardCharsets.UTF_8));
    }
    Outcome outcome = run("--model", GOLDEN.resolve("llama").toString(), file.toString());
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.lines()).hasSize(2);
    assertThat(outcome.json(0).path("error").asText()).contains("UTF-8");
    assertThat(outcome.json(1).has("meanNll")).isTrue();
  }

  @Test
  void anEmptyPromptIsScoredBehindBosOrContext() throws IOException {
    Outcome outcome =
        loss(
            "llama",
            List.of(
                "{\"prompt\":\"\",\"response\":\"One two three\"}",
                "{\"context\":\"\",\"prompt\":\"\",\"response\":\"One two three\"}",
                "{\"context\":\"Window poem\",\"prompt\":\"\",\"response\":\"One two three\"}",
                "{\"prompt\":\"Window poem\\n\\n\\n\",\"response\":\"One two three\"}"));
    assertThat(outcome.lines()).hasSize(4);
    assertThat(outcome.json(0).path("meanNll").asDouble()).isPositive();
    assertThat(outcome.lines().get(1)).isEqualTo(outcome.lines().get(0));
    assertThat(outcome.json(2).path("meanNll").asDouble())
        .isNotEqualTo(outcome.json(0).path("meanNll").asDouble());
    for (int i = 0; i < 4; i++) {
      assertThat(outcome.json(i).path("responseTokens").asInt())
          .isEqualTo(outcome.json(i).path("tokenNll").size())
          .isEqualTo(outcome.json(0).path("responseTokens").asInt());
    }
  }

  @Test
  void anEmptyPromptWithNothingBeforeItIsAnErrorWhereThereIsNoBos() throws IOException {
    Path model = withoutBos();
    Path file = folder.resolve("rows.jsonl");
    Files.write(
        file,
        List.of(
            "{\"prompt\":\"\",\"response\":\"One two three\"}",
            "{\"context\":\"Window poem\",\"prompt\":\"\",\"response\":\"One two three\"}",
            "{\"prompt\":\"Window\",\"response\":\"One two three\"}"));
    Outcome outcome = run("--model", model.toString(), file.toString());
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.lines()).hasSize(3);
    assertThat(outcome.json(0).path("error").asText())
        .startsWith("Cannot score a sequence: nothing stands before the first response token");
    assertThat(outcome.json(1).path("meanNll").asDouble()).isPositive();
    assertThat(outcome.json(2).path("meanNll").asDouble()).isPositive();
  }

  @Test
  void aCutIsFlaggedAndTheResponseHasAsManyTokensAsTheLimit() throws IOException {
    String longOne = "{\"prompt\":\"a\",\"response\":\"" + "three window ".repeat(100) + "\"}";
    String longPrompt = "{\"prompt\":\"" + "three window ".repeat(100) + "\",\"response\":\"b\"}";
    Path file = folder.resolve("rows.jsonl");
    Files.write(file, List.of(longOne, longPrompt, "{\"prompt\":\"a\",\"response\":\"b\"}"));
    Outcome outcome =
        run(
            "--model",
            GOLDEN.resolve("llama").toString(),
            "--max-response-tokens",
            "20",
            "--max-prompt-tokens",
            "30",
            file.toString());
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.lines()).hasSize(3);
    assertThat(outcome.json(0).path("cut").asBoolean()).isTrue();
    assertThat(outcome.json(0).path("responseTokens").asInt()).isEqualTo(20);
    assertThat(outcome.json(1).path("cut").asBoolean()).isTrue();
    assertThat(outcome.json(2).has("cut")).isFalse();
  }

  /** The llama fixture, whose tokenizer now adds nothing in front. */
  private Path withoutBos() throws IOException {
    Path model = Files.createDirectory(folder.resolve("no-bos"));
    try (var files = Files.list(GOLDEN.resolve("llama"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    ObjectNode config = (ObjectNode) JSON.readTree(model.resolve("tokenizer_config.json").toFile());
    config.put("add_bos_token", false);
    JSON.writeValue(model.resolve("tokenizer_config.json").toFile(), config);
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(model.resolve("tokenizer.json").toFile());
    tokenizer.putNull("post_processor");
    JSON.writeValue(model.resolve("tokenizer.json").toFile(), tokenizer);
    return model;
  }

  private Outcome loss(String checkpoint, List<String> rows) throws IOException {
    Path file = folder.resolve(checkpoint.replace('/', '-') + ".jsonl");
    Files.write(file, rows);
    return run("--model", GOLDEN.resolve(checkpoint).toString(), file.toString());
  }

  private static Outcome run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> line = new ArrayList<>(List.of("loss", "--threads", "2"));
    line.addAll(List.of(arguments));
    int code =
        new IconJob(
                new SparkCommands(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .execute(line.toArray(String[]::new));
    return new Outcome(
        code,
        out.toString(StandardCharsets.UTF_8).lines().toList(),
        err.toString(StandardCharsets.UTF_8));
  }
}
