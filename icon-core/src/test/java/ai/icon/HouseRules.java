package ai.icon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What may stand where in icon-core. docs/architecture.md has the same table, with the reasons. */
final class HouseRules {
  private static final String BASE = "ai.icon.";

  /**
   * Package → what it may import, in the order of the data. A package may import what it names, all
   * that those may import in turn, and {@code error}.
   */
  private static final Map<String, Set<String>> NAMED =
      Map.ofEntries(
          Map.entry("error", Set.of()),
          Map.entry("sample", Set.of("error")),
          Map.entry("jinja", Set.of("error")),
          Map.entry("prompt", Set.of("sample", "jinja")),
          Map.entry("checkpoint", Set.of("error")),
          Map.entry("decoder", Set.of("checkpoint")),
          Map.entry("loss", Set.of("prompt")),
          Map.entry("djl", Set.of("loss", "decoder", "checkpoint", "prompt", "selector", "tuning")),
          Map.entry("assessment", Set.of("sample")),
          Map.entry("contribution", Set.of("assessment", "loss")),
          Map.entry("selector", Set.of("sample", "contribution")),
          Map.entry("selection", Set.of("sample")),
          Map.entry("baseline", Set.of("loss", "assessment")),
          Map.entry("tuning", Set.of("sample", "prompt")),
          Map.entry("provenance", Set.of()));

  private static final Map<String, Set<String>> ALLOWED = closure();

  static final ArchRule IMPORTS_FOLLOW_THE_TABLE =
      classes().should(importOnlyWhatTheTableAllows()).as("imports follow the table");

  static final ArchRule ONLY_THE_DJL_PACKAGE_SEES_DJL =
      noClasses()
          .that()
          .resideOutsideOfPackage("ai.icon.djl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  static final ArchRule CORE_KNOWS_NO_SPARK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..");

  static final ArchRule PACKAGE_NAMES_SAY_SOMETHING =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..manager..");

  static final ArchRule NO_CYCLES =
      SlicesRuleDefinition.slices().matching(BASE + "(*)..").should().beFreeOfCycles();

  /** System.out, System.err and printStackTrace(): core reports by results, errors and its log. */
  static final ArchRule NO_CONSOLE = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  private HouseRules() {}

  private static ArchCondition<JavaClass> importOnlyWhatTheTableAllows() {
    return new ArchCondition<>("import only what the table allows") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String from = housePackage(item).orElseThrow();
        Set<String> allowed = ALLOWED.get(from);
        if (allowed == null) {
          String message = "Package " + from + " of " + item.getName() + " is not in the table";
          events.add(SimpleConditionEvent.violated(item, message));
          return;
        }
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          Optional<String> to = housePackage(dependency.getTargetClass().getBaseComponentType());
          if (to.isPresent() && !to.get().equals(from) && !allowed.contains(to.get())) {
            String message = from + " may not import " + to.get() + ": ";
            events.add(
                SimpleConditionEvent.violated(dependency, message + dependency.getDescription()));
          }
        }
      }
    };
  }

  /** The first part of the name behind the base; nothing for what is not of the house. */
  private static Optional<String> housePackage(JavaClass item) {
    String name = item.getPackageName() + ".";
    if (!name.startsWith(BASE)) {
      return Optional.empty();
    }
    return Optional.of(name.substring(BASE.length(), name.indexOf('.', BASE.length())));
  }

  private static Map<String, Set<String>> closure() {
    Map<String, Set<String>> allowed = new TreeMap<>();
    NAMED.keySet().forEach(name -> allowed.put(name, reachable(name)));
    return allowed;
  }

  private static Set<String> reachable(String name) {
    Set<String> found = new TreeSet<>(Set.of("error"));
    for (String next : NAMED.get(name)) {
      found.add(next);
      found.addAll(reachable(next));
    }
    return found;
  }
}
