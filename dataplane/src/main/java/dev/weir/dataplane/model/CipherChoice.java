package dev.weir.dataplane.model;

import java.util.List;

/**
 * Which cipher suites of TLS 1.2 and before are spoken, and who chooses among them.
 *
 * @param suites preferred first; empty for those of all other hosts
 */
public record CipherChoice(List<CipherSuite> suites, Order order) {
  /** As all other hosts. */
  public static final CipherChoice USUAL = new CipherChoice(List.of(), Order.USUAL);

  public CipherChoice {
    suites = List.copyOf(suites);
  }

  /** Whose order of suites counts. */
  public enum Order {
    /** As for all other hosts. */
    USUAL,
    SERVER,
    CLIENT
  }

  /** This choice, completed by what all hosts have. */
  public CipherChoice over(CipherChoice usual) {
    return new CipherChoice(
        suites.isEmpty() ? usual.suites : suites, order == Order.USUAL ? usual.order : order);
  }

  /** For {@code /debug/routes}; empty for {@link #USUAL}. */
  public String text() {
    var names = String.join(":", suites.stream().map(CipherSuite::text).toList());
    var whose =
        switch (order) {
          case USUAL -> "";
          case SERVER -> "server's order";
          case CLIENT -> "client's order";
        };
    return names + (names.isEmpty() || whose.isEmpty() ? "" : ", ") + whose;
  }
}
