package ai.icon.spark.stage;

import ai.icon.prompt.Demonstration;
import ai.icon.prompt.RenderedSample;
import ai.icon.sample.Reject;
import ai.icon.sample.Sample;
import ai.icon.sample.SampleBody;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.rows.Columns;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Samples and rejects as rows of their tables. */
final class SampleRows {
  private SampleRows() {}

  /** A row of the pool: the sample, its texts as the model sees them, and their lengths. */
  static Row of(Sample sample, LoadedModel model) {
    RenderedSample rendered = model.template().render(sample.body());
    Demonstration demonstration = model.sequences().demonstration(rendered.demonstration());
    int responseTokens =
        Math.min(
            model.tokenizer().encode(rendered.response()).length,
            model.sequences().limits().responseTokens());
    Object[] fields = body(sample.body());
    return RowFactory.create(
        sample.id(),
        sample.source(),
        sample.line(),
        fields[0],
        fields[1],
        fields[2],
        fields[3],
        rendered.prompt(),
        rendered.response(),
        rendered.ending(),
        demonstration.tokens(),
        responseTokens,
        demonstration.cut(),
        sample.raw());
  }

  /** instruction, input, output and messages, those that the shape has not as null. */
  private static Object[] body(SampleBody body) {
    if (body instanceof SampleBody.Instruction instruction) {
      return new Object[] {
        instruction.instruction(), instruction.input(), instruction.output(), null
      };
    }
    List<Row> messages =
        body.messages().stream()
            .map(message -> RowFactory.create(message.role(), message.content()))
            .toList();
    return new Object[] {null, null, null, messages};
  }

  static Row of(Reject reject) {
    return RowFactory.create(
        reject.source(), reject.line(), reject.reason().code(), reject.message(), reject.raw());
  }

  /** The text of a pool row that stands in front of a question. */
  static String demonstration(Row row) {
    return row.<String>getAs(Columns.PROMPT)
        + row.<String>getAs(Columns.RESPONSE)
        + row.<String>getAs(Columns.ENDING);
  }
}
