package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is found out about a checkpoint: lines for people as it is found, and one JSON object at the
 * end. What refuses one part does not keep the others from being found. Not thread-safe.
 */
public final class ModelReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;
  private final Consumer<String> lines;
  private final ObjectNode json = JSON.createObjectNode();
  private final List<Refusal> refusals = new ArrayList<>();

  private record Refusal(String part, UserError error) {}

  /**
   * @param path what was asked about
   * @param lines gets each line as soon as it is known
   */
  ModelReport(String path, Consumer<String> lines) {
    this.path = requireNonNull(path, "path");
    this.lines = requireNonNull(lines, "lines");
    json.put("path", path);
    line("path", path);
  }

  /** Prints a line. */
  void line(String label, String text) {
    lines.accept(label + ": " + text);
  }

  /** The object that grows beside the lines. */
  ObjectNode object() {
    return json;
  }

  /** What a part gives, or nothing where it is refused: then a line says so. */
  <T> Optional<T> part(String part, Supplier<T> found) {
    try {
      return Optional.of(found.get());
    } catch (UserError e) {
      refuse(part, e);
      return Optional.empty();
    }
  }

  private void refuse(String part, UserError error) {
    boolean isTold = // such as the weights, by each use of them
        refusals.stream().anyMatch(told -> message(told.error()).equals(message(error)));
    if (!isTold) {
      refusals.add(new Refusal(part, error));
    }
    line(part, "refused: " + message(error).lines().findFirst().orElse(""));
  }

  /** Prints the last line. */
  void end() {
    boolean isSupported = refusals.isEmpty();
    json.put("supported", isSupported);
    ArrayNode all = json.putArray("refused");
    for (Refusal refusal : refusals) {
      all.addObject().put("part", refusal.part()).put("message", message(refusal.error()));
    }
    String parts =
        refusals.stream().map(Refusal::part).distinct().collect(Collectors.joining(", "));
    line("supported", isSupported ? "yes" : "no: " + parts);
  }

  /** All of it as one line of JSON. */
  public String json() {
    return text(json);
  }

  /**
   * Does nothing if all of the checkpoint is supported.
   *
   * @throws UserError that says what is not, and why
   */
  public void requireSupported() {
    if (refusals.size() == 1) {
      throw refusals.get(0).error();
    }
    if (!refusals.isEmpty()) {
      String all =
          refusals.stream()
              .map(refusal -> "\n  - " + message(refusal.error()).replace("\n", "\n  "))
              .collect(Collectors.joining());
      throw new UserError(
          "Cannot use all of %s, for %d reasons:%s".formatted(path, refusals.size(), all),
          "Mend these, or use another checkpoint.");
    }
  }

  private static String message(UserError error) {
    return requireNonNull(error.getMessage());
  }

  /** A value as JSON text; of a text, in quotes and with its newlines escaped. */
  static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and trees always become JSON", e);
    }
  }
}
