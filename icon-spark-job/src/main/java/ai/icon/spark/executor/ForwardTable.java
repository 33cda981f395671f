package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.ForwardBenchmark;
import ai.icon.spark.config.ModelConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The forward benchmark of a checkpoint as a table, and as JSON. */
public final class ForwardTable {
  private static final double GIGA = 1e9;

  /** Rows, tokens, prefix. */
  private static final int[][] SHAPES = {
    {1, 512, 0}, {8, 256, 0}, {16, 128, 0}, {8, 256, 256}, {16, 128, 256}
  };

  private ForwardTable() {}

  /**
   * Measures a model.
   *
   * @param secondsEach how long each figure is measured, seconds
   * @return lines for people, and as the last one a JSON object
   */
  public static List<String> measure(ModelConfig model, double secondsEach) {
    int threads =
        model.threads() > 0 ? model.threads() : Runtime.getRuntime().availableProcessors();
    Checkpoint checkpoint = Checkpoint.open(ModelSource.of(model).folder(""));
    String device = DeviceAssignment.ofThisTask(model.device()).requireUsable().device();
    try (DjlDecoder decoder = DjlDecoder.load(checkpoint, model.dtype(), device, threads)) {
      ForwardBenchmark benchmark = new ForwardBenchmark(decoder, secondsEach);
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.put("model", decoder.spec().family()).put("dtype", model.dtype().text());
      json.put("threads", threads);
      double ceiling = benchmark.ceiling();
      json.put("ceilingGflops", ceiling / GIGA);
      ArrayNode figures = json.putArray("forward");
      List<String> lines = new ArrayList<>();
      lines.add(
          String.format(
              Locale.ROOT,
              "ceiling: %.0f GFLOP/s (2048 x 2048 x 2048 in %s, %d threads)",
              ceiling / GIGA,
              model.dtype().text(),
              threads));
      lines.add("rows x tokens  prefix  tokens/s  GFLOP/s  share");
      for (int[] shape : SHAPES) {
        if (shape[1] + shape[2] <= decoder.spec().contextLength()) {
          ForwardBenchmark.Figure figure = benchmark.forward(shape[0], shape[1], shape[2]);
          lines.add(line(figure, ceiling));
          add(figures.addObject(), figure, ceiling);
        }
      }
      lines.add(json(json));
      return lines;
    }
  }

  private static String line(ForwardBenchmark.Figure figure, double ceiling) {
    return String.format(
        Locale.ROOT,
        "%4d x %-6d  %6d  %8.0f  %7.0f  %4.0f %%",
        figure.rows(),
        figure.tokens(),
        figure.prefix(),
        figure.tokensPerSecond(),
        figure.operationsPerSecond() / GIGA,
        100 * figure.operationsPerSecond() / ceiling);
  }

  private static void add(ObjectNode node, ForwardBenchmark.Figure figure, double ceiling) {
    node.put("rows", figure.rows()).put("tokens", figure.tokens()).put("prefix", figure.prefix());
    node.put("tokensPerSecond", figure.tokensPerSecond());
    node.put("gflops", figure.operationsPerSecond() / GIGA);
    node.put("shareOfCeiling", figure.operationsPerSecond() / ceiling);
  }

  private static String json(ObjectNode json) {
    try {
      return new ObjectMapper().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree always becomes text", e);
    }
  }
}
