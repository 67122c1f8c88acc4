package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --http-port 80                                     | run --http-port 80
          /nginx-ingress-controller                              | run
          /nginx-ingress-controller --configmap=a/b -v=2         | run --configmap=a/b -v=2
          /nginx-ingress-controller --version                    | --version
          /nginx-ingress-controller run --http-port=1            | run --http-port=1
          --configmap=a/b                                        | run --configmap=a/b
          --enable-metrics --http-port 80                        | run --enable-metrics=true --http-port 80
          run --enable-metrics=false                             | run --enable-metrics=false
          demo                                                   | demo
          /dbg backends get default-web-80                       | dbg backends get default-web-80
          /dbg conf --host=a.test                                | dbg conf --host=a.test
          /wait-shutdown                                         | wait-shutdown
          --help                                                 | --help
          """)
  void theCommandLineIsBroughtIntoTheParsersForm(String typed, String expected) {
    var words = CommandWords.of(typed.split(" "));
    assertThat(words.words()).isEqualTo(List.of(expected.split(" ")));
    assertThat(words.imageSwap()).isEqualTo(typed.startsWith("/nginx"));
  }
}
