package dev.weir.e2e.cases;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Every case of {@code resources/cases}. {@code -Dcases=X10,rewrite} runs those whose id or file
 * begins with one of these.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CasesTest {
  private final Map<List<String>, Program> programs = new HashMap<>();

  @TestFactory
  Stream<DynamicContainer> cases() {
    return CaseFiles.all().entrySet().stream()
        .map(
            file ->
                DynamicContainer.dynamicContainer(
                    file.getKey(),
                    file.getValue().stream()
                        .filter(CasesTest::isWanted)
                        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> run(each)))));
  }

  private static boolean isWanted(Case each) {
    return Stream.of(System.getProperty("cases", "").split(",", -1))
        .anyMatch(wanted -> each.id().startsWith(wanted) || each.file().startsWith(wanted));
  }

  private void run(Case each) throws Exception {
    CaseRun.run(each, programs.computeIfAbsent(each.flags(), Program::new));
  }

  @AfterAll
  void close() {
    programs.values().forEach(Program::close);
  }
}
