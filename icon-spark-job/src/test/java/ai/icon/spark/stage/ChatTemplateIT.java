package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.spark.LocalIcon;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checkpoint's own chat template, from the samples to the losses. */
class ChatTemplateIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One text by two paths in float32: twice the fixtures' 2e-4 from the truth, nats per token. */
  private static final double TOLERANCE = 4e-4;

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path run;
  private static JsonNode chat;

  @BeforeAll
  static void score() throws IOException {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    chat = JSON.readTree(Path.of(LocalIcon.RANDOM_MODEL, "golden.json").toFile()).path("chat");
    Path pool =
        Files.write(
            folder.resolve("pool.jsonl"),
            List.of(
                "{\"instruction\":\" Add. \",\"input\":\"1 + 1\",\"output\":\" two \"}",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"One?\"},{\"from\":\"gpt\",\"value\":\"1\"},"
                    + "{\"from\":\"human\",\"value\":\"Two?\"},{\"from\":\"gpt\",\"value\":\"2\"}]}",
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                    + "{\"role\":\"user\",\"content\":\"Why?\"},{\"role\":\"assistant\",\"content\":\"So.\"}]}",
                "{\"messages\":" + chat.path("messages") + ",\"overlap\":true}"));
    Path assessment =
        Files.write(
            folder.resolve("assessment.jsonl"),
            List.of(
                "{\"messages\":" + chat.path("messages") + ",\"group\":\"golden\"}",
                "{\"instruction\":\"Name a lamp.\",\"output\":\"Lamp.\",\"group\":\"plain\"}"));
    run = folder.resolve("run");
    LocalIcon.Outcome outcome =
        icon.execute(
            List.of(
                "run",
                "--until",
                "score",
                "--template",
                "chat",
                "--measure",
                "icon",
                "--pool",
                pool.toString(),
                "--assessment",
                assessment.toString(),
                "--candidates",
                "all",
                "--model",
                LocalIcon.RANDOM_MODEL,
                "--out",
                run.toString()));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void anAssessedConversationIsTheGoldenText() {
    Row golden = icon.table(run, "assessment").filter("group = 'golden'").first();
    assertThat(golden.<String>getAs("prompt")).isEqualTo(chat.path("rendered_prompt").asText());
    assertThat(golden.<String>getAs("response")).isEqualTo("One two three.");
    Row plain = icon.table(run, "assessment").filter("group = 'plain'").first();
    assertThat(plain.<String>getAs("prompt"))
        .isEqualTo("<|im_start|>user\nName a lamp.<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void poolAndAssessmentAreWrittenInOneFormAndOverlapIsFound() throws IOException {
    assertThat(LocalIcon.manifest(run).path("counts").path("overlap").asInt()).isEqualTo(1);
    List<String> texts =
        icon.table(run, "pool").orderBy("line").collectAsList().stream()
            .map(SampleRows::demonstration)
            .toList();
    assertThat(texts)
        .containsExactly(
            turn("user", "Add. \n\n1 + 1") + turn("assistant", "two"),
            turn("user", "One?")
                + turn("assistant", "1")
                + turn("user", "Two?")
                + turn("assistant", "2"),
            turn("system", "Be brief.") + turn("user", "Why?") + turn("assistant", "So."));
  }

  private static String turn(String role, String content) {
    return "<|im_start|>" + role + "\n" + content + "<|im_end|>\n";
  }

  @Test
  void aPrefixBeginsWithBosOnceAndHoldsNoOther() {
    LoadedModel model = ModelRegistry.model(key());
    int bos = model.tokenizer().bos().orElseThrow();
    for (Row row : icon.table(run, "pool").collectAsList()) {
      int[] ids = model.sequences().demonstration(SampleRows.demonstration(row)).ids();
      int[] prefix = model.sequences().prefix(ids);
      assertThat(prefix[0]).isEqualTo(bos);
      assertThat(IntStream.of(prefix).filter(id -> id == bos).count()).isEqualTo(1);
      assertThat(row.<Integer>getAs("tokens")).isEqualTo(ids.length);
    }
  }

  @Test
  void baselineAndPairsHaveTheLossesOfTheirTexts() throws IOException {
    List<Row> pairs =
        icon.table(run, "pairs").join(icon.table(run, "assessment"), "assessed_id").collectAsList();
    assertThat(pairs).hasSize(6);
    for (Row pair : pairs) {
      String prompt = pair.getAs("prompt");
      String response = pair.getAs("response");
      assertThat(pair.<Double>getAs("baseline_nll"))
          .isCloseTo(loss("", prompt, response), within(TOLERANCE));
      Row sample =
          icon.table(run, "pool").filter("sample_id = '" + pair.getAs("sample_id") + "'").first();
      assertThat(pair.<Double>getAs("conditioned_nll"))
          .isCloseTo(loss(SampleRows.demonstration(sample), prompt, response), within(TOLERANCE));
    }
  }

  @Test
  void whatTheTemplateRefusesIsARejectWithTheTemplatesWords() throws IOException {
    Path model = Files.createDirectory(folder.resolve("refusing"));
    try (Stream<Path> files = Files.list(Path.of(LocalIcon.RANDOM_MODEL))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, model.resolve(file.getFileName().toString()));
      }
    }
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No system turns') }}"
            + "{% endif %}{{ m.role ~ ':' ~ m.content ~ eos_token }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}");
    Path ingested = folder.resolve("ingested");
    LocalIcon.Outcome outcome =
        icon.execute(
            List.of(
                "run",
                "--until",
                "ingest",
                "--template",
                "chat",
                "--max-reject-share",
                "0.9",
                "--pool",
                folder.resolve("pool.jsonl").toString(),
                "--assessment",
                folder.resolve("assessment.jsonl").toString(),
                "--model",
                model.toString(),
                "--out",
                ingested.toString()));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    List<Row> rejects = icon.table(ingested, "rejects").orderBy("line").collectAsList();
    assertThat(rejects).isNotEmpty();
    assertThat(rejects.get(0).<Long>getAs("line")).isEqualTo(3);
    assertThat(rejects)
        .allSatisfy(
            reject -> {
              assertThat(reject.<String>getAs("code")).isEqualTo("refused_by_template");
              assertThat(reject.<String>getAs("message"))
                  .isEqualTo(
                      "Cannot write a sample as chat: the checkpoint's template refuses it: No"
                          + " system turns");
            });
  }

  /** As the command {@code loss} gives it. */
  private static double loss(String context, String prompt, String response) throws IOException {
    ObjectNode row = JSON.createObjectNode();
    row.put("context", context).put("prompt", prompt).put("response", response);
    ByteArrayOutputStream losses = new ByteArrayOutputStream();
    new LossRows(key())
        .score(
            new ByteArrayInputStream(JSON.writeValueAsBytes(row)),
            new PrintStream(losses, true, StandardCharsets.UTF_8));
    return JSON.readTree(losses.toByteArray()).path("meanNll").asDouble();
  }

  private static ModelKey key() {
    RunConfig config =
        RunConfig.load(
            SettingLayers.defaults().options(Map.of(Setting.MODEL_PATH, LocalIcon.RANDOM_MODEL)));
    return ModelKey.of(
        config.model(),
        config.prompt(),
        ModelSource.of(config.model()),
        ModelSummary.of(LocalIcon.RANDOM_MODEL).fingerprint());
  }
}
