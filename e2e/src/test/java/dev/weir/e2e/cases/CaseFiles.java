package dev.weir.e2e.cases;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the case files of {@code resources/cases}. */
final class CaseFiles {
  private static final Path ROOT = Path.of("src/test/resources/cases");
  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private CaseFiles() {}

  /** All cases by area and file, {@code routing/hosts.yaml}, in order. */
  static Map<String, List<Case>> all() {
    var all = new LinkedHashMap<String, List<Case>>();
    var ids = new HashSet<String>();
    try (var files = Files.walk(ROOT)) {
      for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        var cases = read(file);
        for (var each : cases) {
          if (!ids.add(each.id()) || !ids.add(each.namespace())) {
            throw new IllegalArgumentException(each.file() + ": a second case " + each.id());
          }
        }
        all.put(ROOT.relativize(file).toString(), cases);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static List<Case> read(Path file) throws IOException {
    var name = ROOT.relativize(file).toString();
    try (var parser = YAML.getFactory().createParser(Files.readString(file))) {
      var cases = new ArrayList<Case>();
      JsonNode list = YAML.readTree(parser);
      list.forEach(node -> cases.add(Case.read(name, node)));
      return cases;
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }
}
