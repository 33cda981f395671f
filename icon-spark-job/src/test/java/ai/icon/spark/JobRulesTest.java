package ai.icon.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.spark.cli.IconJob;
import ai.icon.spark.cli.planted.PlantedCycle;
import ai.icon.spark.stage.planted.PlantedDjl;
import ai.icon.spark.stage.planted.PlantedExit;
import ai.icon.spark.stage.planted.PlantedParser;
import ai.icon.spark.stage.planted.util.PlantedName;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the job's main code to the rules, and every rule to a class planted to break it. */
class JobRulesTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ai.icon.spark");

  static final List<ArchRule> RULES =
      List.of(
          JobRules.THE_JOB_SEES_NO_DJL,
          JobRules.ONLY_THE_COMMAND_LINE_PARSES,
          JobRules.ONLY_MAIN_EXITS,
          JobRules.PACKAGE_NAMES_SAY_SOMETHING,
          JobRules.NO_CYCLES);

  @ParameterizedTest
  @FieldSource("RULES")
  void mainCodeKeepsTheRule(ArchRule rule) {
    rule.check(MAIN);
  }

  @Test
  void theRulesSeeTheMainCode() {
    assertThat(MAIN.contain(IconJob.class)).isTrue();
  }

  @Test
  void theRulesDoNotSeeTheTests() {
    assertThat(MAIN.contain(PlantedDjl.class)).isFalse();
  }

  @Test
  void djlInTheJobIsReported() {
    assertBroken(
        JobRules.THE_JOB_SEES_NO_DJL, "calls method <ai.djl.Device.cpu()>", PlantedDjl.class);
  }

  @Test
  void parsingOutsideTheCommandLineIsReported() {
    assertBroken(JobRules.ONLY_THE_COMMAND_LINE_PARSES, "picocli.CommandLine", PlantedParser.class);
  }

  @Test
  void exitOutsideMainIsReported() {
    assertBroken(
        JobRules.ONLY_MAIN_EXITS, "calls method <java.lang.System.exit(int)>", PlantedExit.class);
  }

  @Test
  void packageNamedUtilIsReported() {
    assertBroken(
        JobRules.PACKAGE_NAMES_SAY_SOMETHING,
        "Class <ai.icon.spark.stage.planted.util.PlantedName> does reside",
        PlantedName.class);
  }

  @Test
  void cycleIsReported() {
    assertBroken(
        JobRules.NO_CYCLES, "Cycle detected: Slice cli", PlantedCycle.class, PlantedExit.class);
  }

  private static void assertBroken(ArchRule rule, String report, Class<?>... planted) {
    JavaClasses classes = new ClassFileImporter().importClasses(planted);
    assertThatThrownBy(() -> rule.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(report);
  }
}
