package dev.weir.tls;

import java.io.IOException;
import java.util.Objects;

/** PEM files made with openssl, valid for a hundred years; their keys protect nothing. */
final class TestPem {
  private TestPem() {}

  static byte[] read(String name) throws IOException {
    try (var in = Objects.requireNonNull(TestPem.class.getResourceAsStream("/pem/" + name), name)) {
      return in.readAllBytes();
    }
  }
}
