package ai.icon.spark.rows;

import static ai.icon.spark.rows.ParquetTypes.ELEMENT;
import static ai.icon.spark.rows.ParquetTypes.ENTRIES;
import static ai.icon.spark.rows.ParquetTypes.KEY;
import static ai.icon.spark.rows.ParquetTypes.LIST;
import static ai.icon.spark.rows.ParquetTypes.VALUE;

import ai.icon.spark.rows.StructWriter.FieldWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
import org.apache.spark.sql.types.StructType;

/** Writes one value that is not null. Made once a column, so that names are joined once. */
interface ValueWriter {
  void write(Object value, RecordConsumer out);

  static ValueWriter of(String column, DataType type) {
    if (type instanceof StringType) {
      return scalar(column, String.class, (out, text) -> out.addBinary(Binary.fromString(text)));
    } else if (type instanceof IntegerType) {
      return scalar(column, Integer.class, RecordConsumer::addInteger);
    } else if (type instanceof LongType) {
      return scalar(column, Long.class, RecordConsumer::addLong);
    } else if (type instanceof DoubleType) {
      return scalar(column, Double.class, RecordConsumer::addDouble);
    } else if (type instanceof FloatType) {
      return scalar(column, Float.class, RecordConsumer::addFloat);
    } else if (type instanceof BooleanType) {
      return scalar(column, Boolean.class, RecordConsumer::addBoolean);
    } else if (type instanceof BinaryType) {
      return scalar(column, byte[].class, (out, b) -> out.addBinary(Binary.fromReusedByteArray(b)));
    } else if (type instanceof DecimalType decimal) {
      return scalar(column, BigDecimal.class, (out, n) -> out.addBinary(unscaled(n, decimal)));
    } else if (type instanceof StructType struct) {
      return struct(column, struct);
    } else if (type instanceof ArrayType array) {
      return array(column, array);
    } else if (type instanceof MapType map) {
      return map(column, map);
    }
    throw unsupported(column, type);
  }

  static IllegalArgumentException unsupported(String column, DataType type) {
    return new IllegalArgumentException(
        "Cannot write column "
            + column
            + ": type "
            + type.simpleString()
            + " is none of string, int, bigint, double, float, boolean, decimal, binary, struct, array, map"
            + " with string keys");
  }

  private static <T> ValueWriter scalar(
      String column, Class<T> type, BiConsumer<RecordConsumer, T> add) {
    return (value, out) -> {
      if (!type.isInstance(value)) {
        throw mismatch(column, type.getSimpleName(), value);
      }
      add.accept(out, type.cast(value));
    };
  }

  /** A decimal as Parquet lays it down: its digits as a two's complement number, big end first. */
  private static Binary unscaled(BigDecimal number, DecimalType type) {
    return Binary.fromReusedByteArray(
        number.setScale(type.scale(), RoundingMode.UNNECESSARY).unscaledValue().toByteArray());
  }

  private static ValueWriter struct(String column, StructType type) {
    StructWriter fields = new StructWriter(column, type);
    return (value, out) -> {
      if (!(value instanceof Row row)) {
        throw mismatch(column, "Row", value);
      }
      out.startGroup();
      fields.writeFields(row, out);
      out.endGroup();
    };
  }

  private static ValueWriter array(String column, ArrayType type) {
    String path = column + "." + ELEMENT;
    FieldWriter element =
        new FieldWriter(path, type.containsNull(), of(path, type.elementType()), ELEMENT, 0);
    return (value, out) -> {
      List<?> elements = list(column, value);
      out.startGroup();
      if (!elements.isEmpty()) {
        out.startField(LIST, 0);
        for (Object each : elements) {
          out.startGroup();
          element.write(each, out);
          out.endGroup();
        }
        out.endField(LIST, 0);
      }
      out.endGroup();
    };
  }

  /** Entries are written in the order of their keys, whatever order the map has. */
  private static ValueWriter map(String column, MapType type) {
    if (!(type.keyType() instanceof StringType)) {
      throw unsupported(column, type);
    }
    String path = column + "." + VALUE;
    ValueWriter keys = of(column + "." + KEY, type.keyType());
    FieldWriter key = new FieldWriter(column + "." + KEY, false, keys, KEY, 0);
    FieldWriter entryValue =
        new FieldWriter(path, type.valueContainsNull(), of(path, type.valueType()), VALUE, 1);
    return (value, out) -> {
      Map<String, Object> entries = sorted(column, value);
      out.startGroup();
      if (!entries.isEmpty()) {
        out.startField(ENTRIES, 0);
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
          out.startGroup();
          key.write(entry.getKey(), out);
          entryValue.write(entry.getValue(), out);
          out.endGroup();
        }
        out.endField(ENTRIES, 0);
      }
      out.endGroup();
    };
  }

  private static List<?> list(String column, Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Object[] array) {
      return Arrays.asList(array);
    }
    try {
      // Rows that Spark made hold Scala sequences; Row itself knows how to read them from Java.
      return RowFactory.create(value).getList(0);
    } catch (ClassCastException e) {
      throw mismatch(column, "List", value);
    }
  }

  private static Map<String, Object> sorted(String column, Object value) {
    Map<?, ?> entries = javaMap(column, value);
    Map<String, Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw mismatch(column + "." + KEY, "String", entry.getKey());
      }
      sorted.put(key, entry.getValue());
    }
    return sorted;
  }

  private static Map<?, ?> javaMap(String column, Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    try {
      return RowFactory.create(value).getJavaMap(0);
    } catch (ClassCastException e) {
      throw mismatch(column, "Map", value);
    }
  }

  private static IllegalArgumentException mismatch(String column, String expected, Object value) {
    String kind = value == null ? "null" : value.getClass().getSimpleName();
    String text = String.valueOf(value);
    return new IllegalArgumentException(
        "Cannot write column %s: expected %s, got %s %s"
            .formatted(
                column, expected, kind, text.length() > 80 ? text.substring(0, 80) + "…" : text));
  }
}
