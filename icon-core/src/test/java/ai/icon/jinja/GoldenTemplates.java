package ai.icon.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Templates with what Python's jinja2 renders of them; beside each file is the script for it. */
final class GoldenTemplates {
  /** What the scripts let {@code strftime_now} tell. */
  static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 26, 0, 0);

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A template, its variables, and what comes of it.
   *
   * @param rendered nothing where it fails
   * @param error Python's words
   */
  record Case(
      String template, Map<String, Object> variables, Optional<String> rendered, String error) {
    /** What is wrong with our rendering, if anything. */
    Optional<String> difference() {
      try {
        String ours = JinjaTemplate.of("golden", template, NOW).render(variables);
        return rendered.equals(Optional.of(ours))
            ? Optional.empty()
            : Optional.of(template + "\n  wanted " + rendered.orElse(error) + "\n  got    " + ours);
      } catch (TemplateException e) {
        boolean isRight = rendered.isEmpty() && (!e.raised() || error.contains(e.reason()));
        return isRight ? Optional.empty() : Optional.of(template + "\n  " + e.getMessage());
      }
    }
  }

  private GoldenTemplates() {}

  static List<Case> cases(String file) {
    JsonNode root = read(file);
    List<Case> cases = new ArrayList<>();
    for (JsonNode node : root.path("cases")) {
      String template = node.path("template").asText();
      boolean isChat = root.has("templates");
      cases.add(
          new Case(
              isChat ? root.path("templates").path(template).asText() : template,
              isChat ? chatVariables(root, node) : variables(root.path("variables")),
              node.has("rendered") ? Optional.of(node.path("rendered").asText()) : Optional.empty(),
              node.path("error").asText()));
    }
    return cases;
  }

  private static Map<String, Object> chatVariables(JsonNode root, JsonNode node) {
    Map<String, Object> variables = new LinkedHashMap<>();
    for (String token : List.of("bos_token", "eos_token", "pad_token")) {
      if (root.has(token)) {
        variables.put(token, root.path(token).asText());
      }
    }
    variables.put("messages", value(node.path("messages")));
    variables.put("tools", node.has("tools") ? value(node.path("tools")) : null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", node.path("add_generation_prompt").asBoolean());
    variables.putAll(variables(node.path("variables")));
    return variables;
  }

  private static Map<String, Object> variables(JsonNode node) {
    Map<String, Object> variables = new LinkedHashMap<>();
    node.properties().forEach(entry -> variables.put(entry.getKey(), value(entry.getValue())));
    return variables;
  }

  private static Object value(JsonNode node) {
    return JSON.convertValue(node, Object.class);
  }

  private static JsonNode read(String file) {
    try (InputStream stream = GoldenTemplates.class.getResourceAsStream("/golden/chat/" + file)) {
      return JSON.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
