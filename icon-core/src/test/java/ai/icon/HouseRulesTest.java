package ai.icon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.loss.planted.PlantedCycle;
import ai.icon.sample.planted.PlantedConsole;
import ai.icon.sample.planted.PlantedDjl;
import ai.icon.sample.planted.PlantedImport;
import ai.icon.sample.planted.PlantedSpark;
import ai.icon.sample.planted.util.PlantedName;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the main code to the rules, and every rule to a class that was planted to break it. */
class HouseRulesTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ai.icon");

  static final List<ArchRule> RULES =
      List.of(
          HouseRules.IMPORTS_FOLLOW_THE_TABLE,
          HouseRules.ONLY_THE_DJL_PACKAGE_SEES_DJL,
          HouseRules.CORE_KNOWS_NO_SPARK,
          HouseRules.PACKAGE_NAMES_SAY_SOMETHING,
          HouseRules.NO_CYCLES,
          HouseRules.NO_CONSOLE);

  @ParameterizedTest
  @FieldSource("RULES")
  void mainCodeKeepsTheRule(ArchRule rule) {
    rule.check(MAIN);
  }

  @Test
  void theRulesSeeTheMainCodeAndNotTheTests() {
    assertThat(MAIN.contain("ai.icon.sample.Sample")).isTrue();
    assertThat(MAIN.contain("ai.icon.sample.planted.PlantedImport")).isFalse();
  }

  @Test
  void importAgainstTheTableIsReported() {
    assertBroken(
        HouseRules.IMPORTS_FOLLOW_THE_TABLE,
        "sample may not import loss: Method <ai.icon.sample.planted.PlantedImport.tokens(",
        PlantedImport.class);
  }

  @Test
  void packageOutsideTheTableIsReported() {
    assertBroken(
        HouseRules.IMPORTS_FOLLOW_THE_TABLE,
        "Package planted of ai.icon.planted.PlantedPackage is not in the table",
        ai.icon.planted.PlantedPackage.class);
  }

  @Test
  void djlOutsideItsPackageIsReported() {
    assertBroken(
        HouseRules.ONLY_THE_DJL_PACKAGE_SEES_DJL,
        "calls method <ai.djl.Device.cpu()>",
        PlantedDjl.class);
  }

  @Test
  void sparkInCoreIsReported() {
    assertBroken(
        HouseRules.CORE_KNOWS_NO_SPARK, "<org.apache.spark.PlantedEngine>", PlantedSpark.class);
  }

  @Test
  void packageNamedUtilIsReported() {
    assertBroken(
        HouseRules.PACKAGE_NAMES_SAY_SOMETHING,
        "Class <ai.icon.sample.planted.util.PlantedName> does reside",
        PlantedName.class);
  }

  @Test
  void cycleIsReported() {
    assertBroken(
        HouseRules.NO_CYCLES,
        "Cycle detected: Slice loss",
        PlantedImport.class,
        PlantedCycle.class);
  }

  @Test
  void consoleIsReported() {
    assertBroken(HouseRules.NO_CONSOLE, "gets field <java.lang.System.out>", PlantedConsole.class);
  }

  private static void assertBroken(ArchRule rule, String report, Class<?>... planted) {
    JavaClasses classes = new ClassFileImporter().importClasses(planted);
    assertThatThrownBy(() -> rule.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(report);
  }
}
