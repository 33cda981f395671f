package ai.icon.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads which columns a row has, usable as a sample or not: what tells a mapping to a column that
 * is nowhere from rows that are bad.
 */
public final class ColumnsParser implements RowParser<Set<String>> {
  private static final JsonFactory JSON = new JsonFactory();

  /** The names in the row's order; of a text that breaks off, those before the fault. */
  @Override
  public Set<String> parse(String source, long line, String json) {
    Set<String> names = new LinkedHashSet<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          names.add(parser.currentName());
          parser.nextToken();
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // The row's own parser says what is wrong with it; its columns up to here are known.
      return Collections.unmodifiableSet(names);
    }
    return Collections.unmodifiableSet(names);
  }

  @Override
  public Set<String> rejected(Reject reject) {
    return parse(reject.source(), reject.line(), reject.raw());
  }
}
