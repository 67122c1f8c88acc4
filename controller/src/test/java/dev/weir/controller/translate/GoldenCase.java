package dev.weir.controller.translate;

import dev.weir.controller.parse.ManifestReader;
import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * One folder of {@code translate/}: what it translates to.
 *
 * @param routes what belongs in {@code routes.txt}
 * @param findings what belongs in {@code findings.txt}
 */
record GoldenCase(String routes, String findings) {
  /** Translates {@code in.yaml} under {@code options.properties}, if there is one. */
  static GoldenCase of(Path folder) throws IOException {
    var options = GoldenOptions.of(properties(folder.resolve("options.properties")));
    var text = TestCertificates.fillIn(Files.readString(folder.resolve("in.yaml")));
    var file = new ManifestReader().read("in.yaml", text.getBytes(StandardCharsets.UTF_8));
    var state = new ClusterState(options.references().settings().orElse(null));
    var findings = new ArrayList<>(file.findings());
    file.objects().forEach(object -> state.put(object.resource()));
    var whole = WholeTranslation.of(state, options);
    findings.addAll(whole.findings());
    return new GoldenCase(whole.text(), text(findings));
  }

  private static String text(List<Finding> findings) {
    return findings.stream()
        .distinct()
        .map(finding -> finding.text() + "\n")
        .collect(Collectors.joining());
  }

  private static Properties properties(Path file) throws IOException {
    var properties = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      }
    }
    return properties;
  }
}
