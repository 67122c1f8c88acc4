package dev.weir.controller.admission;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.controller.parse.ManifestReader;
import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.translate.GoldenOptions;
import dev.weir.controller.translate.HostTranslator;
import dev.weir.controller.translate.IngressReview;
import dev.weir.controller.translate.TestCertificates;
import dev.weir.controller.translate.TranslateOptions;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of {@code src/test/resources/admission}: a comment, then sections that begin with a line
 * {@code === NAME}. {@code options}: flags by name; {@code cluster}: manifests besides those of
 * {@code cluster.yaml}; {@code request}: what is asked otherwise than by default; {@code old} and
 * {@code new}: the Ingress before and after; {@code answer}: what they must come to.
 */
record ReviewCase(Path file, Map<String, String> sections) {
  private static final String MARK = "=== ";
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  static ReviewCase read(Path file) throws IOException {
    var sections = new LinkedHashMap<String, String>();
    var name = "comment";
    for (var line : Files.readAllLines(file)) {
      if (line.startsWith(MARK)) {
        name = line.substring(MARK.length());
        sections.put(name, "");
      } else {
        sections.merge(name, line + "\n", String::concat);
      }
    }
    return new ReviewCase(file, sections);
  }

  String section(String name) {
    return sections.getOrDefault(name, "");
  }

  /** Replaces the answer that the file expects. */
  void write(String answer) throws IOException {
    var text = new StringBuilder(section("comment"));
    sections.forEach(
        (name, body) -> {
          if (!name.equals("comment") && !name.equals("answer")) {
            text.append(MARK).append(name).append('\n').append(body);
          }
        });
    Files.writeString(file, text.append(MARK).append("answer\n").append(answer));
  }

  /** What is answered, as text. */
  String answer() throws IOException {
    var options = options();
    var state = new ClusterState(options.references().settings().orElse(null));
    put(state, Files.readString(file.resolveSibling("cluster.yaml")));
    put(state, TestCertificates.fillIn(section("cluster")));
    var wishes = wishes();
    boolean synced = wishes.getOrDefault("synced", "true").equals("true");
    var reviewer =
        new Reviewer(
            new IngressReview(new HostTranslator(options)),
            () -> synced ? Optional.<ClusterView>of(state) : Optional.empty(),
            () -> NOW);
    var request = request(wishes);
    return text(reviewer.decide(request, () -> true).answer());
  }

  private AdmissionRequest request(Map<String, String> wishes) throws IOException {
    var request = new HashMap<String, Object>();
    var operation = sections.containsKey("old") ? "UPDATE" : "CREATE";
    request.put("uid", "u");
    request.put("operation", wishes.getOrDefault("operation", operation));
    request.put("subResource", wishes.getOrDefault("subResource", ""));
    request.put("resource", Map.of("resource", wishes.getOrDefault("resource", "ingresses")));
    request.put("object", yaml(section("new")));
    if (sections.containsKey("old")) {
      request.put("oldObject", yaml(section("old")));
    }
    var review =
        Map.of(
            "apiVersion",
            wishes.getOrDefault("apiVersion", AdmissionRequest.VERSION),
            "kind",
            "AdmissionReview",
            "request",
            request);
    try {
      return AdmissionRequest.read(JSON.writeValueAsBytes(review));
    } catch (AdmissionRequest.Malformed e) {
      throw new AssertionError(e);
    }
  }

  private TranslateOptions options() throws IOException {
    var properties = new Properties();
    properties.setProperty("watch-ingress-without-class", "false");
    properties.load(new StringReader(section("options")));
    return GoldenOptions.of(properties);
  }

  private Map<String, String> wishes() {
    var wishes = new HashMap<String, String>();
    if (yaml(section("request")) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> wishes.put(String.valueOf(key), String.valueOf(value)));
    }
    return wishes;
  }

  private static Object yaml(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  private static void put(ClusterState state, String manifests) {
    var file = new ManifestReader().read("cluster", manifests.getBytes(StandardCharsets.UTF_8));
    if (!file.findings().isEmpty()) {
      throw new AssertionError(file.findings().toString());
    }
    file.objects().forEach(object -> state.put(object.resource()));
  }

  private static String text(AdmissionAnswer answer) {
    var text = new StringBuilder(answer.allowed() ? "allowed\n" : "refused\n");
    if (!answer.message().isEmpty()) {
      text.append(answer.message()).append('\n');
    }
    answer.warnings().forEach(warning -> text.append("warning: ").append(warning).append('\n'));
    return text.toString();
  }
}
