package ai.icon.spark.rows;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Spark schemas as Parquet schemas: three-level lists and key_value maps, as the Parquet format
 * lays them down (LogicalTypes.md, "Nested types"), so that every reader understands them.
 */
final class ParquetTypes {
  static final String LIST = "list";
  static final String ELEMENT = "element";
  static final String ENTRIES = "key_value";
  static final String KEY = "key";
  static final String VALUE = "value";

  private ParquetTypes() {}

  static MessageType message(StructType schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField field : schema.fields()) {
      message.addField(type(field.name(), field.dataType(), field.nullable()));
    }
    return message.named("icon");
  }

  private static Type type(String name, DataType type, boolean nullable) {
    Type.Repetition repetition = nullable ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
    if (type instanceof StructType struct) {
      Types.GroupBuilder<org.apache.parquet.schema.GroupType> group = Types.buildGroup(repetition);
      for (StructField field : struct.fields()) {
        group.addField(type(field.name(), field.dataType(), field.nullable()));
      }
      return group.named(name);
    }
    if (type instanceof ArrayType array) {
      Type element = type(ELEMENT, array.elementType(), array.containsNull());
      return Types.buildGroup(repetition)
          .as(LogicalTypeAnnotation.listType())
          .addField(Types.repeatedGroup().addField(element).named(LIST))
          .named(name);
    }
    if (type instanceof MapType map) {
      Type key = type(KEY, map.keyType(), false);
      Type value = type(VALUE, map.valueType(), map.valueContainsNull());
      return Types.buildGroup(repetition)
          .as(LogicalTypeAnnotation.mapType())
          .addField(Types.repeatedGroup().addField(key).addField(value).named(ENTRIES))
          .named(name);
    }
    return Types.primitive(primitive(name, type), repetition).as(meaning(type)).named(name);
  }

  /** What a primitive stands for; null, as the builder wants it, where it is nothing further. */
  private static LogicalTypeAnnotation meaning(DataType type) {
    if (type instanceof DecimalType decimal) {
      return LogicalTypeAnnotation.decimalType(decimal.scale(), decimal.precision());
    }
    return type instanceof StringType ? LogicalTypeAnnotation.stringType() : null;
  }

  private static PrimitiveTypeName primitive(String name, DataType type) {
    if (type instanceof StringType || type instanceof BinaryType || type instanceof DecimalType) {
      return PrimitiveTypeName.BINARY;
    } else if (type instanceof IntegerType) {
      return PrimitiveTypeName.INT32;
    } else if (type instanceof LongType) {
      return PrimitiveTypeName.INT64;
    } else if (type instanceof DoubleType) {
      return PrimitiveTypeName.DOUBLE;
    } else if (type instanceof FloatType) {
      return PrimitiveTypeName.FLOAT;
    } else if (type instanceof BooleanType) {
      return PrimitiveTypeName.BOOLEAN;
    }
    throw ValueWriter.unsupported(name, type);
  }
}
