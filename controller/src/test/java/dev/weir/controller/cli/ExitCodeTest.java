package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Stop stop = new Stop();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          runn                               | weir: unknown command runn (did you mean run?); see weir --help
          run --htp-port=80                  | weir run: unknown flag --htp-port (did you mean --http-port?); see weir run --help
          --enable-metric                    | weir run: unknown flag --enable-metric (did you mean --enable-metrics?); see weir run --help
          run --http-port=eighty             | weir run: --http-port=eighty: expected a port number from 0 to 65535; see weir run --help
          run --http-port                    | weir run: --http-port needs a value: PORT; see weir run --help
          run --configmap=weir               | weir run: --configmap=weir: expected namespace/name; see weir run --help
          run --http-port=81 --https-port=81 | weir run: --http-port and --https-port are both 81, give different ports; see weir run --help
          run --enable-metrics false         | weir run: false belongs to no flag; a switch is turned off with --flag=false; see weir run --help
          run --manifests=x --kubeconfig=y   | weir run: --manifests and --kubeconfig exclude each other, give one; see weir run --help
          run --watch-namespace=a --watch-namespace-selector=b=c | weir run: --watch-namespace and --watch-namespace-selector exclude each other, give one; see weir run --help
          run --publish-service=a/b --publish-status-address=1.2.3.4 | weir run: --publish-service and --publish-status-address exclude each other, give one; see weir run --help
          run --metrics-per-undefined-host --metrics-per-host=false | weir run: --metrics-per-undefined-host needs --metrics-per-host=true; see weir run --help
          run --annotations-prefix=a/b       | weir run: --annotations-prefix=a/b: expected a DNS name such as nginx.ingress.kubernetes.io, without slash; see weir run --help
          demo --configmap=x                 | weir demo: --configmap=x: expected namespace/name; see weir demo --help
          """)
  void aCommandLineThatCanNotBeUnderstoodIsOneSentenceAndExitCode2(String line, String sentence) {
    assertThat(execute(line.split(" "))).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo(sentence);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--help", "--version", "run --help", "/nginx-ingress-controller --version"})
  void askingForHelpOrVersionIsExitCode0(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(0);
    assertThat(out.toString()).contains("weir");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpOfRunListsEveryFlag() {
    execute("run", "--help");
    assertThat(out.toString())
        .contains(FlagTable.RUN.specs().stream().map(FlagSpec::typed).toList());
  }

  @Test
  void aMissingFolderIsOneSentenceAndExitCode1(@TempDir Path folder) {
    var missing = folder.resolve("missing").toString();
    assertThat(execute("run", "--manifests", missing, "--healthz-port=0")).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains(missing);
  }

  @Test
  void everyFlagOfIngressNginxAndItsLogLibraryIsAcceptedInAllForms(@TempDir Path folder) {
    var line = new ArrayList<>(List.of("/nginx-ingress-controller"));
    for (var known : FlagTableTest.flagsOfIngressNginx()) {
      var words = known.split(" ", 2);
      var flag = Objects.requireNonNull(FlagTable.RUN.find(words[0]));
      if (flag.type().equals(FlagType.SWITCH)) {
        line.add(flag.typed()); // bare, as pflag has it
      } else if (!flag.defaultValue().isEmpty()) {
        line.addAll(List.of(flag.typed(), flag.defaultValue()));
      }
      line.add(flag.typed() + "=" + flag.defaultValue());
    }
    var missing = folder.resolve("missing").toString();
    line.addAll(List.of("--manifests=" + missing, "--healthz-port=0", "--v=0", "-v", "0"));

    assertThat(execute(line.toArray(String[]::new))).as(err.toString()).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains(missing);
  }

  @Test
  void anUnreadableKubeconfigIsOneSentenceAndExitCode1(@TempDir Path folder) {
    var missing = folder.resolve("kubeconfig").toString();
    assertThat(execute("run", "--kubeconfig=" + missing)).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains(missing);
  }

  @Test
  void anAdminPortInUseIsASentenceThatNamesItsFlag(@TempDir Path folder) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      var code =
          execute(
              "run",
              "--manifests",
              folder.toString(),
              "--healthz-host=127.0.0.1",
              "--healthz-port=" + port);
      assertThat(code).isEqualTo(1);
      assertThat(err.toString()).contains("127.0.0.1:" + port).contains("--healthz-port");
    }
  }

  @Test
  void aTrafficPortInUseIsASentenceThatNamesItsFlag(@TempDir Path folder) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      var code =
          execute(
              "run",
              "--manifests",
              folder.toString(),
              "--bind-address=127.0.0.1",
              "--healthz-host=127.0.0.1",
              "--healthz-port=0",
              "--https-port=0",
              "--http-port=" + port);
      assertThat(code).isEqualTo(1);
      assertThat(err.toString().lines())
          .singleElement()
          .asString()
          .contains("127.0.0.1:" + port)
          .contains("--http-port");
    }
  }

  private int execute(String... args) {
    return Weir.execute(new PrintWriter(out, true), new PrintWriter(err, true), stop, args);
  }
}
