package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.StoredWeights;
import ai.icon.decoder.Attention;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.ModelOutline;
import ai.icon.djl.DeviceModel;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.DjlTokenizer;
import ai.icon.djl.Precision;
import ai.icon.error.ResourceError;
import ai.icon.prompt.ChatTemplate;
import ai.icon.prompt.RenderedSample;
import ai.icon.prompt.SpecialTokens;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks at all of a checkpoint that a run would use, part by part, without a Spark session. */
public final class ModelInspection {
  private static final double MEBIBYTE = 1 << 20;
  private static final int FINGERPRINT_SHOWN = 12;
  private static final int TEXT_SHOWN = 200;

  private final ModelConfig model;
  private final PromptConfig prompt;
  private final ModelSource source;
  private final boolean loads;
  private final ModelReport report;

  private ModelInspection(
      ModelConfig model,
      PromptConfig prompt,
      ModelSource source,
      boolean loads,
      Consumer<String> lines) {
    this.model = model;
    this.prompt = prompt;
    this.source = source;
    this.loads = loads;
    this.report = new ModelReport(source.location(), lines);
  }

  /**
   * Inspects a checkpoint. What is refused is in the report, and what else there is as well.
   *
   * @param model type and device that the sample loss is taken with
   * @param prompt limits of the sample
   * @param source where the checkpoint lies
   * @param loads whether the weights are loaded and the sample loss taken; else only the tensors'
   *     names and shapes are checked
   * @param lines gets each line for people as soon as it is known
   * @throws ai.icon.error.ResourceError if the checkpoint cannot be fetched, or memory or device
   *     gives out; what was found has been printed
   */
  public static ModelReport of(
      ModelConfig model,
      PromptConfig prompt,
      ModelSource source,
      boolean loads,
      Consumer<String> lines) {
    ModelInspection inspection = new ModelInspection(model, prompt, source, loads, lines);
    ModelReport report = inspection.report;
    try {
      Optional<Checkpoint> checkpoint =
          report.part("files", () -> Checkpoint.open(source.folder("")));
      checkpoint.ifPresent(inspection::inspect);
    } catch (ResourceError e) {
      report.line("supported", "not known, this machine gave out");
      throw e;
    }
    report.end();
    return report;
  }

  private void inspect(Checkpoint checkpoint) {
    files(checkpoint);
    Optional<ModelOutline> outline = report.part("family", () -> DeviceModel.outline(checkpoint));
    outline.ifPresentOrElse(this::outline, () -> numbers(checkpoint.parameters()));
    boolean fits = outline.isPresent() && fits(checkpoint);
    boolean isTokenized =
        report.part("tokenizer", () -> tokenizer(checkpoint, outline)).isPresent();
    boolean isChat = chat(checkpoint);
    String fingerprint = checkpoint.fingerprint();
    if (fits && isTokenized && loads) {
      losses(fingerprint, isChat);
    } else {
      report.line("sample loss", loads ? "not taken" : "not taken (--no-load)");
    }
    report.object().put("fingerprint", fingerprint);
    report.line("fingerprint", fingerprint.substring(0, FINGERPRINT_SHOWN));
  }

  private void files(Checkpoint checkpoint) {
    String place = checkpoint.folder().toString();
    if (!place.equals(source.location())) {
      report.line("found in", place);
    }
    StoredWeights stored = checkpoint.stored();
    String family = checkpoint.config().path("model_type").asText("");
    ObjectNode json = report.object();
    json.put("folder", place).put("format", stored.format().text()).put("files", stored.files());
    json.put("storedBytes", stored.bytes()).put("readUp", stored.isReadUp());
    ObjectNode types = json.putObject("storedTensors");
    stored.types().forEach(types::put);
    json.put("family", family);
    String shards = stored.files() == 1 ? "1 file" : stored.files() + " shards";
    String readUp = stored.isReadUp() ? ", FP8 read up to bfloat16" : "";
    report.line("format", stored.format().text() + ", " + shards + readUp);
    report.line("stored", mebibytes(stored.bytes()) + tensors(stored));
    report.line("family", family.isEmpty() ? "none (config.json has no model_type)" : family);
  }

  private static String tensors(StoredWeights stored) {
    String types =
        stored.types().entrySet().stream()
            .map(type -> type.getKey() + " (" + type.getValue() + " tensors)")
            .collect(Collectors.joining(", "));
    return types.isEmpty() ? "" : ": " + types;
  }

  private void outline(ModelOutline outline) {
    if (outline instanceof DecoderSpec spec) {
      decoder(spec);
    } else {
      report.line("program", "TorchScript, from ids and mask to logits; weights as it holds them");
    }
    report.object().put("contextLength", outline.contextLength());
    report.line("context", count(outline.contextLength()) + " tokens");
  }

  private void decoder(DecoderSpec spec) {
    Attention attention = spec.attention();
    ObjectNode json = report.object();
    json.put("layers", spec.layers().size()).put("hidden", spec.hidden());
    json.put("heads", attention.heads()).put("keyValueHeads", attention.keyValueHeads());
    json.put("headDimension", attention.headDimension());
    report.line(
        "decoder",
        "%d layers, hidden %d, %d heads of %d, %d of keys and values"
            .formatted(
                spec.layers().size(),
                spec.hidden(),
                attention.heads(),
                attention.headDimension(),
                attention.keyValueHeads()));
    numbers(spec.parameters());
    ObjectNode resident = json.putObject("residentBytes");
    List<String> sizes = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      long bytes = DjlDecoder.weightBytes(spec, precision);
      resident.put(precision.text(), bytes);
      sizes.add(mebibytes(bytes) + " in " + precision.text());
    }
    report.line("resident", String.join(", ", sizes));
  }

  private void numbers(long parameters) {
    report.object().put("parameters", parameters);
    report.line("parameters", count(parameters));
  }

  private boolean fits(Checkpoint checkpoint) {
    return report
        .part(
            "weights",
            () -> {
              if (checkpoint.program().isEmpty()) {
                DjlDecoder.check(checkpoint);
              }
              return true;
            })
        .isPresent();
  }

  /** Opened as a run does where the embedding is known, else by itself. */
  private int tokenizer(Checkpoint checkpoint, Optional<ModelOutline> outline) {
    try (DjlTokenizer tokenizer =
        outline.isPresent()
            ? DjlTokenizer.open(checkpoint, outline.get().vocabulary())
            : DjlTokenizer.open(
                checkpoint.tokenizerSource(),
                checkpoint.tokenizerJson(),
                checkpoint.tokenizerConfig())) {
      ObjectNode json = report.object().putObject("tokenizer").put("size", tokenizer.size());
      OptionalInt bos = tokenizer.bos();
      String text = "no BOS";
      if (bos.isPresent()) {
        String token = tokenizer.decode(new int[] {bos.getAsInt()});
        json.put("bos", bos.getAsInt()).put("bosText", token);
        text = "BOS %d %s".formatted(bos.getAsInt(), ModelReport.text(token));
      }
      report.line("tokenizer", count(tokenizer.size()) + " tokens, " + text);
      return tokenizer.size();
    }
  }

  /** Whether there is a chat template that is supported. */
  private boolean chat(Checkpoint checkpoint) {
    ObjectNode json = report.object().putObject("chatTemplate");
    Optional<String> text = checkpoint.chatTemplate();
    if (text.isEmpty()) {
      json.put("state", "none");
      report.line("chat template", "none");
      return false;
    }
    boolean isBosAdded = report.object().path("tokenizer").has("bos");
    SpecialTokens tokens = SpecialTokens.of(checkpoint.tokenizerConfig(), isBosAdded);
    Optional<RenderedSample> rendered =
        report.part(
            "chat template", () -> ChatTemplate.of(text.get(), tokens).render(SampleLoss.SAMPLE));
    json.put("state", rendered.isPresent() ? "supported" : "refused");
    rendered.ifPresent(
        sample -> {
          json.put("rendered", sample.demonstration());
          report.line("chat template", "supported: " + shown(sample.demonstration()));
        });
    return rendered.isPresent();
  }

  private void losses(String fingerprint, boolean isChat) {
    ObjectNode json = report.object().putObject("sampleLoss").put("dtype", model.dtype().text());
    List<PromptConfig.Template> templates =
        isChat ? List.of(PromptConfig.Template.values()) : List.of(PromptConfig.Template.RICO);
    ModelKey plain = key(PromptConfig.Template.RICO, fingerprint);
    if (report.part("weights", () -> SampleLoss.load(plain)).isEmpty()) {
      report.line("sample loss", "not taken");
      return;
    }
    for (PromptConfig.Template template : templates) {
      Optional<Double> loss =
          report.part("sample loss", () -> SampleLoss.of(key(template, fingerprint)));
      if (loss.isEmpty()) {
        return; // the other template runs on the same weights
      }
      json.put(template.text(), loss.get());
      report.line(
          "sample loss",
          String.format(
              Locale.ROOT,
              "%.4f nats per token with --template %s, %s",
              loss.get(),
              template.text(),
              model.dtype().text()));
    }
  }

  private ModelKey key(PromptConfig.Template template, String fingerprint) {
    PromptConfig written =
        new PromptConfig(
            template,
            prompt.separator(),
            prompt.demonstrationTokens(),
            prompt.promptTokens(),
            prompt.responseTokens());
    return ModelKey.of(model, written, source, fingerprint);
  }

  private static String shown(String text) {
    boolean isLong = text.codePointCount(0, text.length()) > TEXT_SHOWN;
    String start = isLong ? text.substring(0, text.offsetByCodePoints(0, TEXT_SHOWN)) : text;
    return ModelReport.text(start) + (isLong ? "…" : "");
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MiB", bytes / MEBIBYTE);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
