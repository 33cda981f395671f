package ai.icon.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** What may stand where in icon-spark-job. */
final class JobRules {
  /** Models are reached through icon-core's contracts; a native type in a task leaks memory. */
  static final ArchRule THE_JOB_SEES_NO_DJL =
      noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..");

  static final ArchRule ONLY_THE_COMMAND_LINE_PARSES =
      noClasses()
          .that()
          .resideOutsideOfPackage("ai.icon.spark.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  /** An exit anywhere else would take an executor or a notebook with it. */
  static final ArchRule ONLY_MAIN_EXITS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("ai.icon.spark.cli.IconJob")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);

  static final ArchRule PACKAGE_NAMES_SAY_SOMETHING =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..manager..");

  static final ArchRule NO_CYCLES =
      SlicesRuleDefinition.slices().matching("ai.icon.spark.(*)..").should().beFreeOfCycles();

  private JobRules() {}
}
