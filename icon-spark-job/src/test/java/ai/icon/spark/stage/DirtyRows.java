package ai.icon.spark.stage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One row a kind of those that cannot be used, as bytes: some of them are no text. */
final class DirtyRows {
  /** Longest row that is read, characters. */
  private static final int MAX_LENGTH = 16 << 20;

  private DirtyRows() {}

  /** Every reason that a row of JSON lines can have without further settings, in a fixed order. */
  static Map<String, byte[]> byCode() {
    Map<String, byte[]> rows = new LinkedHashMap<>();
    put(rows, "invalid_json", "{'instruction': 'single quotes'}");
    put(rows, "truncated_json", "{\"instruction\":\"a\",\"output\":\"b");
    put(rows, "trailing_content", "{\"instruction\":\"a\",\"output\":\"b\"} {\"x\":1}");
    put(rows, "not_an_object", "[\"instruction\", \"output\"]");
    put(rows, "duplicate_key", "{\"instruction\":\"a\",\"output\":\"b\",\"output\":\"c\"}");
    put(rows, "nested_too_deep", "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}");
    put(rows, "too_long", alpaca("a", "x".repeat(MAX_LENGTH)));
    rows.put("invalid_utf8", broken(alpaca("a", "b")));
    put(rows, "lone_surrogate", alpaca("a", "\\ud83d alone"));
    put(rows, "control_characters", alpaca("a", "b\\u0000c"));
    put(rows, "unknown_shape", "{\"question\":\"a\",\"answer\":\"b\"}");
    put(rows, "missing_field", "{\"instruction\":\"a\",\"input\":\"b\"}");
    put(rows, "wrong_type", "{\"instruction\":\"a\",\"output\":[\"" + "y".repeat(9_000) + "\"]}");
    put(rows, "empty_instruction", alpaca(" \\t", "b"));
    put(rows, "empty_response", alpaca("a", ""));
    put(rows, "empty_conversation", "{\"conversations\":[]}");
    put(rows, "unknown_role", "{\"messages\":[{\"role\":\"narrator\",\"content\":\"a\"}]}");
    put(rows, "no_assistant_message", "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}");
    put(rows, "no_prompt", "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"}]}");
    return rows;
  }

  /** A row of instruction and output, JSON escapes as given. */
  static String alpaca(String instruction, String output) {
    return "{\"instruction\":\"" + instruction + "\",\"input\":\"\",\"output\":\"" + output + "\"}";
  }

  private static void put(Map<String, byte[]> rows, String code, String row) {
    rows.put(code, row.getBytes(StandardCharsets.UTF_8));
  }

  /** The same row with a byte in its last text that no UTF-8 has. */
  private static byte[] broken(String row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(row.substring(0, row.length() - 2).getBytes(StandardCharsets.UTF_8));
    bytes.write(0xc3);
    bytes.write(0x28);
    bytes.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }
}
