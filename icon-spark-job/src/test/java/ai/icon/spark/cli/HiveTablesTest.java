package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HiveTablesTest {
  private static final String KEY = "spark.sql.catalogImplementation";

  @Test
  void hiveWithoutItsClassesIsRefusedInPlainWords() {
    assertThatThrownBy(() -> HiveTables.check(new TreeMap<>(Map.of(KEY, "hive"))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot open Hive's catalogue as spark.sql.catalogImplementation asks: this Spark has no"
                + " Hive in its jars");
  }

  @Test
  void nothingAskedForIsNothingToRefuse() {
    assertThatNoException().isThrownBy(() -> HiveTables.check(new TreeMap<>()));
    assertThatNoException()
        .isThrownBy(() -> HiveTables.check(new TreeMap<>(Map.of(KEY, "in-memory"))));
  }
}
