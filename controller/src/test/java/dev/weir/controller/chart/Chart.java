package dev.weir.controller.chart;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The chart, and what Helm makes of it; no cluster is asked. */
final class Chart {
  static final Path FOLDER =
      Path.of("..", "manifests", "helm", "weir").toAbsolutePath().normalize();

  private static final String NAME = "weir";
  private static final String NAMESPACE = "ingress";

  /** Certificates and keys, which are others each time. */
  private static final Pattern MADE_ANEW =
      Pattern.compile("^( +(?:cert|key|caBundle): )[A-Za-z0-9+/=]{80,}$", Pattern.MULTILINE);

  private Chart() {}

  /**
   * All objects, of a release weir in the namespace ingress.
   *
   * @param values a file
   * @throws IllegalStateException with Helm's message if it refuses
   */
  static String rendered(Path values) {
    return rendered(NAME, values);
  }

  /** The same of a release with another name. */
  static String rendered(String release, Path values) {
    var text =
        new Helm(FOLDER)
            .template()
            .withName(release)
            .withNamespace(NAMESPACE)
            .withValuesFile(values.toAbsolutePath())
            .call();
    return MADE_ANEW.matcher(text).replaceAll("$1bWFkZSBieSBIZWxt");
  }

  /** What Helm says after an installation. */
  static String notes(Path values) {
    var output =
        new Helm(FOLDER)
            .install()
            .clientOnly()
            .dryRun()
            .withDryRunOption(DryRun.CLIENT)
            .withName(NAME)
            .withNamespace(NAMESPACE)
            .withValuesFile(values.toAbsolutePath())
            .call()
            .getOutput();
    return output.substring(output.indexOf("NOTES:") + "NOTES:".length()).strip() + "\n";
  }

  /** Helm's own check of charts, warnings included. */
  static LintResult lint() {
    return new Helm(FOLDER).lint().strict().quiet().call();
  }
}
