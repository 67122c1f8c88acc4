package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start that can't be one says why in a sentence. */
class BadInputTest {
  private static String sentence(WeirProcess weir, int code) {
    try (weir) {
      weir.assertExitCode(code);
      var lines =
          weir.log().lines().stream()
              .filter(line -> !line.matches("\\S+Z (INFO|WARN) .*"))
              .toList();
      assertThat(lines).as("one sentence").hasSize(1);
      return lines.getFirst();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --no-such-flag                          | --no-such-flag
          run --http-prt=80                           | did you mean --http-port
          run --http-port=eighty                      | --http-port
          run --http-port=70000                       | --http-port
          run --configmap=nonsense                    | namespace/name
          run --shutdown-grace-period=soon            | --shutdown-grace-period
          run --http-port=81 --https-port=81          | 81
          run --manifests=/ --kubeconfig=/x           | --manifests
          rnu                                         | unknown command rnu
          demo --kubeconfig=/x                        | --kubeconfig
          """)
  void aCommandLineThatCanNotBeUnderstoodEndsWith2(String arguments, String named) {
    assertThat(sentence(WeirProcess.launch(arguments.split(" ")), 2)).contains(named);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --manifests=/no/such/folder --healthz-port=0 | /no/such/folder
          run --kubeconfig=/no/such/file --healthz-port=0  | /no/such/file
          run --healthz-port=0                             | --kubeconfig
          demo --manifests=/no/such/folder                 | /no/such/folder
          """)
  void whatIsNotThereIsNamedAndEndsWith1(String arguments, String named) {
    assertThat(sentence(WeirProcess.launch(arguments.split(" ")), 1)).contains(named);
  }

  @Test
  void aFileThatIsNoKubeconfigIsNamed() throws IOException {
    try (var folder = ManifestFolder.empty()) {
      var file = Files.writeString(folder.beside().resolve("kubeconfig"), "clusters: [{name: \n");

      assertThat(sentence(WeirProcess.launch("run", "--kubeconfig=" + file, "--healthz-port=0"), 1))
          .contains(file.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"--http-port", "--https-port", "--healthz-port"})
  void aPortInUseIsNamedWithItsFlag(String flag) throws IOException {
    try (var folder = ManifestFolder.withClass();
        var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var weir =
          WeirProcess.launch(
              "run",
              "--manifests=" + folder.path(),
              "--bind-address=127.0.0.1",
              "--healthz-host=127.0.0.1",
              "--http-port=0",
              "--https-port=0",
              "--healthz-port=0",
              flag + "=" + taken.getLocalPort());

      assertThat(sentence(weir, 1))
          .contains("127.0.0.1:" + taken.getLocalPort(), flag, "already in use");
    }
  }

  @Test
  void flagsWithoutEffectYetSaySoOnce() {
    try (var folder = ManifestFolder.withClass();
        var weir =
            WeirProcess.run(
                "--manifests=" + folder.path(),
                "--tcp-services-configmap=a/b",
                "--enable-ssl-passthrough")) {
      assertThat(weir.log().lines("--tcp-services-configmap")).hasSize(1);
      assertThat(weir.log().lines("--enable-ssl-passthrough")).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"--help", "--version", "run --help", "demo --help"})
  void helpAndVersionEndWithZero(String arguments) {
    try (var weir = WeirProcess.launch(arguments.split(" "))) {
      weir.assertExitCode(0);
      assertThat(weir.log().text()).containsIgnoringCase("weir");
    }
  }
}
