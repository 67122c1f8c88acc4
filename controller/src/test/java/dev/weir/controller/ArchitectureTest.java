package dev.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Which of our packages may know which. A new package needs its line here; a new arrow is a
 * decision, not a repair. Packages that have a line and no class yet are fine.
 */
class ArchitectureTest {
  /** The package, and after the arrow those that it may import; {@code *} includes sub-packages. */
  private static final String DIRECTIONS =
      """
      tls                    ->
      dataplane.http         ->
      dataplane.model        -> dataplane.http, tls
      dataplane.filter       -> dataplane.http, dataplane.model
      dataplane.filters      -> dataplane.filter, dataplane.http, dataplane.model
      dataplane.router       -> dataplane.model, dataplane.http
      dataplane.telemetry    -> dataplane.model, dataplane.http
      dataplane.tracing      -> dataplane.filter, dataplane.model, dataplane.telemetry
      dataplane.codec        -> dataplane.http, dataplane.telemetry
      dataplane.overload     -> dataplane.http, dataplane.telemetry
      dataplane.upstream     -> dataplane.codec, dataplane.http, dataplane.model, dataplane.filter, tls, dataplane.telemetry, dataplane.overload
      dataplane.exchange     -> dataplane.codec, dataplane.filter, dataplane.filters, dataplane.http, dataplane.model, dataplane.overload, dataplane.router, dataplane.telemetry, dataplane.upstream, tls
      dataplane.listener     -> dataplane.exchange, dataplane.codec, dataplane.http, dataplane.model, tls, dataplane.telemetry, dataplane.overload
      dataplane              -> dataplane*, tls
      annotations            -> annotations.value, dataplane.model, tls
      annotations.value      -> dataplane.model
      annotations.feature    -> annotations, annotations.value, dataplane.model, tls
      controller.resource    ->
      controller.parse       -> controller.resource
      controller.source      -> controller.parse, controller.resource
      controller.translate   -> controller.resource, annotations, dataplane.model, dataplane.http, tls
      controller.loop        -> controller.source, controller.resource, controller.translate, dataplane, dataplane.model, tls
      controller.status      -> controller.loop, controller.resource, controller.source, dataplane.telemetry
      controller.admission   -> controller.parse, controller.translate, controller.resource, dataplane.telemetry, tls
      controller.admin       -> dataplane, dataplane.model, dataplane.telemetry, controller.loop, controller.resource, controller.translate, tls
      controller.cli         -> controller*, annotations*, dataplane*, tls
      """;

  private static final String ROOT = "dev.weir.";

  /** The catalogue lists the features, by design in the package that they build on. */
  private static final String CATALOG = ROOT + "annotations.AnnotationCatalog";

  /** Data although no record: it keeps its private key to itself. */
  private static final String CERTIFICATE = ROOT + "tls.ServerCertificate";

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // The quick profile's folder of test classes, which ArchUnit doesn't know as one.
          .withImportOption(location -> !location.contains("/test-quick-classes/"))
          .importPackages(
              ROOT + "tls", ROOT + "dataplane", ROOT + "annotations", ROOT + "controller");

  private final Map<String, Set<String>> directions = parse(DIRECTIONS);

  @Test
  void packagesImportOnlyWhatTheTableAllows() {
    ArchRuleDefinition.classes().should(followTheTable()).check(OURS);
  }

  @Test
  void onlyThePackagesThatTalkToTheApiServerKnowItsClient() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.weir.controller.parse", "dev.weir.controller.source", "dev.weir.controller.status")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .allowEmptyShould(true)
        .check(OURS);
  }

  /** What is loaded only where requests are traced. */
  @Test
  void onlyThatWhichSendsTracesKnowsOpenTelemetry() {
    ArchRuleDefinition.noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Otlp")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(OURS);
  }

  @Test
  void theClassesOfAllModulesAreLookedAt() {
    assertThat(OURS.stream().map(type -> module(key(type))))
        .contains("tls", "dataplane", "annotations", "controller");
  }

  private ArchCondition<JavaClass> followTheTable() {
    return new ArchCondition<>("import only what the table of packages allows") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var allowed = directions.get(key(type));
        if (allowed == null) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is in a package without a line in the table"));
          return;
        }
        for (var dependency : type.getDirectDependenciesFromSelf()) {
          var target = dependency.getTargetClass().getBaseComponentType();
          if (isOurs(target) && !isAllowed(type, target, allowed)) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static boolean isAllowed(JavaClass type, JavaClass target, Set<String> allowed) {
    String from = key(type);
    String to = key(target);
    if (from.equals(to)) {
      return true;
    }
    if (to.equals("annotations.feature") && type.getName().startsWith(CATALOG)) {
      return true;
    }
    if (from.equals("dataplane.model") && to.equals("tls") && !isData(target)) {
      return false;
    }
    return allowed.contains(to)
        || allowed.stream().anyMatch(a -> a.endsWith("*") && isWithin(to, a));
  }

  /** The model is data only, so of {@code tls} it may name only data. */
  private static boolean isData(JavaClass type) {
    return type.isRecord()
        || type.isEnum()
        || type.isInterface()
        || type.getName().equals(CERTIFICATE);
  }

  private static boolean isWithin(String name, String starred) {
    String root = starred.substring(0, starred.length() - 1);
    return name.equals(root) || name.startsWith(root + ".");
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(ROOT);
  }

  private static String key(JavaClass type) {
    return type.getPackageName().substring(ROOT.length());
  }

  private static String module(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? key : key.substring(0, dot);
  }

  private static Map<String, Set<String>> parse(String table) {
    var result = new TreeMap<String, Set<String>>();
    for (String line : table.lines().toList()) {
      var sides = List.of(line.split("->", -1));
      var allowed = new TreeSet<String>();
      Pattern.compile(",")
          .splitAsStream(sides.get(1))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(allowed::add);
      result.put(sides.get(0).strip(), allowed);
    }
    return result;
  }
}
