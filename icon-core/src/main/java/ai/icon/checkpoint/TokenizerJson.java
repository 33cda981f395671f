package ai.icon.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a tokenizer.json, the format of Hugging Face's tokenizers library.
 *
 * <p>Every token stands in the model's vocabulary, markers too: the library numbers added tokens
 * that the model does not know by itself.
 */
final class TokenizerJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String BYTES =
      """
      {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}""";

  private static final String COMPOSED =
      """
      {"type": "NFC"}""";

  private static final String SPACE_MARKS =
      """
      {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}""";

  private static final String PREFIXED_SPACE_MARKS =
      """
      {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, %s]}"""
          .formatted(SPACE_MARKS);

  private static final String PIECES =
      """
      {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
        {"type": "ByteFallback"}, {"type": "Fuse"}%s]}""";

  private static final String UNPREFIXED =
      """
      , {"type": "Strip", "content": " ", "start": 1, "stop": 0}""";

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;
  private final GgufVocabulary vocabulary;
  private final SpecialTokens special;

  private TokenizerJson(GgufVocabulary vocabulary, SpecialTokens special) throws IOException {
    this.json = MAPPER.createGenerator(text);
    this.vocabulary = vocabulary;
    this.special = special;
  }

  /** Byte-level BPE: words are cut by patterns, their bytes merged. */
  static String bytePairs(
      GgufVocabulary vocabulary, List<Merge> merges, WordSplit split, SpecialTokens special) {
    try {
      TokenizerJson writer = new TokenizerJson(vocabulary, special);
      writer.begin(split.composes() ? COMPOSED : "null");
      writer.addWordSplit(split);
      writer.addDecoder(BYTES);
      writer.addModel(merges, split.ignoresMerges(), false);
      return writer.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written but memory
    }
  }

  /**
   * SentencePiece's BPE: a text is one word, its spaces are marks; what is no token falls back to
   * its bytes.
   *
   * @param hasPrefix whether a text that does not follow a marker's text begins with a space mark
   */
  static String sentencePiece(
      GgufVocabulary vocabulary, List<Merge> merges, boolean hasPrefix, SpecialTokens special) {
    try {
      TokenizerJson writer = new TokenizerJson(vocabulary, special);
      writer.begin(hasPrefix ? PREFIXED_SPACE_MARKS : SPACE_MARKS);
      writer.json.writeNullField("pre_tokenizer");
      writer.addDecoder(PIECES.formatted(hasPrefix ? UNPREFIXED : ""));
      writer.addModel(merges, false, true);
      return writer.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written but memory
    }
  }

  private void begin(String normalizer) throws IOException {
    json.writeStartObject();
    json.writeStringField("version", "1.0");
    json.writeNullField("truncation");
    json.writeNullField("padding");
    json.writeArrayFieldStart("added_tokens");
    for (GgufVocabulary.Marker marker : vocabulary.markers()) {
      json.writeStartObject();
      json.writeNumberField("id", marker.id());
      json.writeStringField("content", marker.content());
      json.writeBooleanField("single_word", false);
      json.writeBooleanField("lstrip", false);
      json.writeBooleanField("rstrip", marker.takesSpaces());
      json.writeBooleanField("normalized", false);
      json.writeBooleanField("special", marker.isSpecial());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeFieldName("normalizer");
    json.writeRawValue(normalizer);
  }

  private void addWordSplit(WordSplit split) throws IOException {
    json.writeObjectFieldStart("pre_tokenizer");
    json.writeStringField("type", "Sequence");
    json.writeArrayFieldStart("pretokenizers");
    for (String pattern : split.patterns()) {
      json.writeStartObject();
      json.writeStringField("type", "Split");
      json.writeObjectFieldStart("pattern");
      json.writeStringField("Regex", pattern);
      json.writeEndObject();
      json.writeStringField("behavior", "Isolated");
      json.writeBooleanField("invert", false);
      json.writeEndObject();
    }
    json.writeRawValue(BYTES);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void addDecoder(String decoder) throws IOException {
    json.writeFieldName("decoder");
    json.writeRawValue(decoder);
  }

  private void addModel(List<Merge> merges, boolean ignoresMerges, boolean fallsBackToBytes)
      throws IOException {
    json.writeObjectFieldStart("model");
    json.writeStringField("type", "BPE");
    // A byte-level vocabulary has every byte, and so nothing unknown.
    String unknown = special.texts().get(SpecialTokens.UNKNOWN);
    json.writeStringField("unk_token", fallsBackToBytes ? unknown : null);
    json.writeBooleanField("fuse_unk", fallsBackToBytes);
    json.writeBooleanField("byte_fallback", fallsBackToBytes);
    json.writeBooleanField("ignore_merges", ignoresMerges);
    json.writeObjectFieldStart("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      json.writeNumberField(vocabulary.text(id), id);
    }
    json.writeEndObject();
    json.writeArrayFieldStart("merges");
    for (Merge merge : merges) {
      json.writeStartArray();
      json.writeString(merge.left());
      json.writeString(merge.right());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private String end() throws IOException {
    json.writeFieldName("post_processor");
    if (special.addsBos() || special.addsEos()) {
      addTemplate();
    } else {
      json.writeNull();
    }
    json.writeEndObject();
    json.close();
    return text.toString();
  }

  private void addTemplate() throws IOException {
    List<String> before = special.addsBos() ? List.of(special.text(SpecialTokens.BOS)) : List.of();
    List<String> after = special.addsEos() ? List.of(special.text(SpecialTokens.EOS)) : List.of();
    json.writeStartObject();
    json.writeStringField("type", "TemplateProcessing");
    addTemplate("single", before, List.of("A"), after);
    addTemplate("pair", before, List.of("A", "B"), after);
    json.writeObjectFieldStart("special_tokens");
    Set<String> added = new LinkedHashSet<>(before);
    added.addAll(after);
    for (String token : added) {
      json.writeObjectFieldStart(token);
      json.writeStringField("id", token);
      json.writeFieldName("ids");
      json.writeArray(new int[] {vocabulary.id(token)}, 0, 1);
      json.writeFieldName("tokens");
      json.writeArray(new String[] {token}, 0, 1);
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void addTemplate(
      String name, List<String> before, List<String> sequences, List<String> after)
      throws IOException {
    json.writeArrayFieldStart(name);
    addParts("SpecialToken", before);
    addParts("Sequence", sequences);
    addParts("SpecialToken", after);
    json.writeEndArray();
  }

  private void addParts(String kind, List<String> ids) throws IOException {
    for (String id : ids) {
      json.writeStartObject();
      json.writeObjectFieldStart(kind);
      json.writeStringField("id", id);
      json.writeNumberField("type_id", 0);
      json.writeEndObject();
      json.writeEndObject();
    }
  }
}
