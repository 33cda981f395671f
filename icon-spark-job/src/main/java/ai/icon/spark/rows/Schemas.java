package ai.icon.spark.rows;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The schema of each {@link Table}; a column may be null only where it says so. */
final class Schemas {
  private Schemas() {}

  static StructType sample() {
    StructType message =
        new StructType()
            .add(Columns.ROLE, StringType, false)
            .add(Columns.CONTENT, StringType, false);
    return new StructType()
        .add(Columns.SAMPLE_ID, StringType, false)
        .add(Columns.SOURCE, StringType, false)
        .add(Columns.LINE, LongType, false)
        .add(Columns.INSTRUCTION, StringType, true)
        .add(Columns.INPUT, StringType, true)
        .add(Columns.OUTPUT, StringType, true)
        .add(Columns.MESSAGES, DataTypes.createArrayType(message, false), true)
        .add(Columns.PROMPT, StringType, false)
        .add(Columns.RESPONSE, StringType, false)
        .add(Columns.ENDING, StringType, false)
        .add(Columns.TOKENS, IntegerType, false)
        .add(Columns.RESPONSE_TOKENS, IntegerType, false)
        .add(Columns.CUT, BooleanType, false)
        .add(Columns.RAW, StringType, false);
  }

  static StructType rejects() {
    return new StructType()
        .add(Columns.SOURCE, StringType, false)
        .add(Columns.LINE, LongType, false)
        .add(Columns.CODE, StringType, false)
        .add(Columns.MESSAGE, StringType, false)
        .add(Columns.RAW, StringType, false);
  }

  static StructType assessment() {
    return new StructType()
        .add(Columns.ASSESSED_ID, StringType, false)
        .add(Columns.GROUP, StringType, false)
        .add(Columns.PROMPT, StringType, false)
        .add(Columns.RESPONSE, StringType, false)
        .add(Columns.RESPONSE_TOKENS, IntegerType, false)
        .add(Columns.PROMPT_TOKENS, IntegerType, false)
        .add(Columns.PROMPT_CUT, BooleanType, false)
        .add(Columns.RESPONSE_CUT, BooleanType, false)
        .add(Columns.FROM_POOL, BooleanType, false);
  }

  static StructType baseline() {
    return new StructType()
        .add(Columns.ASSESSED_ID, StringType, false)
        .add(Columns.BASELINE_NLL, DoubleType, false);
  }

  static StructType control() {
    return new StructType()
        .add(Columns.BUCKET, IntegerType, false)
        .add(Columns.DRAW, IntegerType, false)
        .add(Columns.ASSESSED_ID, StringType, false)
        .add(Columns.CONTROL_NLL, DoubleType, false);
  }

  static StructType pairs() {
    return new StructType()
        .add(Columns.SAMPLE_ID, StringType, false)
        .add(Columns.ASSESSED_ID, StringType, false)
        .add(Columns.GROUP, StringType, false)
        .add(Columns.BASELINE_NLL, DoubleType, false)
        .add(Columns.CONDITIONED_NLL, DoubleType, false)
        .add(Columns.CONTROL_NLL, DoubleType, false)
        .add(Columns.CONTRIBUTION, DoubleType, false);
  }

  static StructType contributions() {
    return new StructType()
        .add(Columns.SAMPLE_ID, StringType, false)
        .add(Columns.CONTRIBUTION, DoubleType, false)
        .add(Columns.STANDARD_ERROR, DoubleType, false)
        .add(Columns.FINITE_PAIRS, IntegerType, false)
        .add(Columns.CONSISTENCY, DoubleType, false)
        .add(Columns.STABILITY, DoubleType, false)
        .add(Columns.COVERAGE, DoubleType, false)
        .add(Columns.SIGNIFICANCE, DoubleType, false)
        .add(Columns.DEMONSTRATION_TOKENS, IntegerType, false)
        .add(
            Columns.GROUP_CONTRIBUTION,
            DataTypes.createMapType(StringType, DoubleType, false),
            false)
        .add(Columns.GOLDEN_SCORE, DoubleType, false)
        .add(Columns.LOSS_RATIO, DoubleType, false)
        .add(Columns.DEMONSTRATION_CUT, BooleanType, false);
  }

  static StructType predictions() {
    return new StructType()
        .add(Columns.SAMPLE_ID, StringType, false)
        .add(Columns.PREDICTED, DoubleType, false)
        .add(Columns.TOKENS, IntegerType, false);
  }

  static StructType ranking() {
    return new StructType()
        .add(Columns.POSITION, LongType, false)
        .add(Columns.SAMPLE_ID, StringType, false)
        .add(Columns.SCORE, DoubleType, false)
        .add(Columns.MEASURED, DoubleType, true)
        .add(Columns.PREDICTED, DoubleType, true)
        .add(Columns.ORIGIN, StringType, false)
        .add(Columns.TOKENS, IntegerType, false);
  }

  static StructType selection() {
    return new StructType()
        .add(Columns.POSITION, LongType, false)
        .add(Columns.SAMPLE_ID, StringType, false)
        .add(Columns.SCORE, DoubleType, false)
        .add(Columns.ORIGIN, StringType, false);
  }
}
