package ai.icon.spark.stage;

import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.LossModel;
import ai.icon.loss.ResponseLoss;
import ai.icon.prompt.Demonstration;
import ai.icon.prompt.Question;
import ai.icon.prompt.Sequence;
import ai.icon.prompt.SequenceBuilder;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Losses of raw texts, a JSON line each: the method's Loss and nothing else. */
public final class LossRows {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final LoadedModel model;

  /**
   * @param key which model, and separator and limits
   */
  public LossRows(ModelKey key) {
    this.model = ModelRegistry.model(key);
  }

  /**
   * Answers every row, blank lines left out, with one line; a row that cannot be scored with its
   * error.
   */
  public void score(InputStream rows, PrintStream losses) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = rows.read(); b >= 0; b = rows.read()) {
      if (b == '\n') {
        answer(line, losses);
      } else {
        line.write(b);
      }
    }
    answer(line, losses);
  }

  /** Answers the bytes of a line and forgets them; a reader would have made them text unasked. */
  private void answer(ByteArrayOutputStream line, PrintStream losses) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
    line.reset();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (!text.isBlank()) {
        losses.println(JSON.writeValueAsString(answer(text)));
      }
    } catch (CharacterCodingException e) {
      losses.println(JSON.writeValueAsString(error("not UTF-8")));
    }
  }

  private ObjectNode answer(String line) {
    try {
      JsonNode row = JSON.readTree(line);
      if (!row.isObject()) {
        return error("not a JSON object");
      }
      String prompt = text(row, "prompt");
      String response = text(row, "response");
      String context = row.hasNonNull("context") ? text(row, "context") : "";
      return answer(context, prompt, response);
    } catch (JsonProcessingException e) {
      return error("not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      return error(e.getMessage());
    }
  }

  private static String text(JsonNode row, String key) {
    if (!row.path(key).isTextual()) {
      throw new IllegalArgumentException(key + " must be a text");
    }
    String text = row.path(key).textValue();
    if (text.codePoints().anyMatch(LossRows::isSurrogate)) {
      throw new IllegalArgumentException(key + " holds half of a surrogate pair");
    }
    return text;
  }

  /** Whether a code point is half of a pair, which no tokenizer knows. */
  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private ObjectNode answer(String context, String prompt, String response) {
    SequenceBuilder sequences = model.sequences();
    Question question = sequences.question(prompt, response);
    Sequence sequence;
    int prefixLength;
    if (context.isEmpty()) {
      sequence = sequences.sequence(question);
      prefixLength = sequences.emptyPrefix().length;
    } else {
      Demonstration demonstration = sequences.demonstration(context);
      sequence = sequences.sequence(demonstration, question);
      prefixLength = sequences.prefix(demonstration.ids()).length;
    }
    // The token before the response predicts its first one and so belongs to the continuation.
    int cut = Math.min(prefixLength, sequence.responseStart() - 1);
    ResponseLoss loss = model.score(lossModel -> loss(lossModel, sequence, cut));
    if (!Double.isFinite(loss.meanNll())) {
      return error("the loss is not finite: " + loss.meanNll());
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.put("meanNll", loss.meanNll());
    answer.put("responseTokens", sequence.responseTokens());
    ArrayNode tokens = answer.putArray("tokenNll");
    for (float nll : loss.tokenNll()) {
      tokens.add(nll);
    }
    if (sequence.cuts().any()) {
      answer.put("cut", true);
    }
    return answer;
  }

  private static ResponseLoss loss(LossModel lossModel, Sequence sequence, int cut) {
    int[] ids = sequence.ids();
    Continuation rest =
        new Continuation(Arrays.copyOfRange(ids, cut, ids.length), sequence.responseStart() - cut);
    try (EncodedPrefix prefix = lossModel.encode(Arrays.copyOf(ids, cut))) {
      return prefix.losses(LengthBatches.plan(List.of(rest), rest.length()).get(0)).get(0);
    }
  }

  private static ObjectNode error(String message) {
    return JSON.createObjectNode().put("error", message);
  }
}
