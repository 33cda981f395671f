package ai.icon.selector;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The selector's file: one JSON object. */
final class SelectorFile {
  private static final String FORMAT = "icon-selector";
  private static final int VERSION = 1;
  private static final String CURE =
      "Train the selector again, or point to a file that the train stage wrote.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private SelectorFile() {}

  static void write(Selector selector, Path file) throws IOException {
    RidgeModel model = selector.model();
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    root.put("kind", selector.kind().setting());
    root.put("dimension", selector.dimension());
    root.put("penalty", model.penalty());
    if (Double.isFinite(model.leaveOneOutError())) {
      root.put("leaveOneOutError", model.leaveOneOutError());
    } else {
      root.putNull("leaveOneOutError");
    }
    root.put("intercept", model.intercept());
    put(root, "mean", model.mean());
    put(root, "scale", model.scale());
    put(root, "weights", model.weights());
    // A reader sees the old file or the new one, never half of one.
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, JSON.writeValueAsString(root) + "\n");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static Selector read(Path file) throws IOException {
    JsonNode root = parse(file);
    if (!FORMAT.equals(root.path("format").asText())) {
      throw refused(file, "it is no selector");
    }
    if (root.path("version").asInt() != VERSION) {
      throw refused(
          file, "its version must be " + VERSION + ", got " + root.path("version").asText("none"));
    }
    double[] weights = numbers(file, root, "weights");
    if (weights.length != root.path("dimension").asInt()) {
      throw refused(
          file,
          "dimension and weights must agree, got "
              + root.path("dimension").asText("none")
              + " and "
              + weights.length);
    }
    try {
      RidgeModel model =
          new RidgeModel(
              weights,
              number(file, root.path("intercept"), "intercept"),
              numbers(file, root, "mean"),
              numbers(file, root, "scale"),
              number(file, root.path("penalty"), "penalty"),
              root.path("leaveOneOutError").asDouble(Double.NaN));
      return new Selector(SelectorKind.parse(root.path("kind").asText()), model);
    } catch (IllegalArgumentException e) {
      throw new UserError("Cannot read selector " + file + ": " + e.getMessage(), CURE, e);
    }
  }

  private static JsonNode parse(Path file) throws IOException {
    try {
      return JSON.readTree(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new UserError("Cannot read selector " + file + ": no such file", CURE, e);
    } catch (JsonProcessingException e) {
      throw new UserError("Cannot read selector " + file + ": it is not JSON", CURE, e);
    }
  }

  private static void put(ObjectNode root, String key, double[] values) {
    ArrayNode array = root.putArray(key);
    for (double value : values) {
      array.add(value);
    }
  }

  private static double[] numbers(Path file, JsonNode root, String key) {
    JsonNode array = root.path(key);
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(file, array.path(i), key);
    }
    return numbers;
  }

  private static double number(Path file, JsonNode node, String key) {
    if (!node.isNumber()) {
      throw refused(file, key + " must be numbers, got " + node);
    }
    return node.doubleValue();
  }

  private static UserError refused(Path file, String why) {
    return new UserError("Cannot read selector " + file + ": " + why, CURE);
  }
}
