package dev.weir.controller.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What flags must not say together. */
final class FlagRules {
  private static final List<List<String>> EXCLUSIVE =
      List.of(
          List.of("watch-namespace", "watch-namespace-selector"),
          List.of("publish-service", "publish-status-address"),
          List.of("manifests", "kubeconfig"),
          List.of("manifests", "apiserver-host"));

  private static final List<String> AT_LEAST_A_SECOND = List.of("election-ttl", "watch-time");
  private static final List<String> PORTS = List.of("http-port", "https-port", "healthz-port");
  private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private FlagRules() {}

  /**
   * Checks all rules.
   *
   * @throws UsageException for the first one that is broken
   */
  static void check(Flags flags) throws UsageException {
    for (var pair : EXCLUSIVE) {
      if (pair.stream().allMatch(flags::isGiven)) {
        throw new UsageException(
            "--" + pair.getFirst() + " and --" + pair.getLast() + " exclude each other, give one");
      }
    }
    if (flags.isOn("metrics-per-undefined-host") && !flags.isOn("metrics-per-host")) {
      throw new UsageException("--metrics-per-undefined-host needs --metrics-per-host=true");
    }
    if (flags.isGiven("validating-webhook")
        && !(flags.isGiven("validating-webhook-certificate")
            && flags.isGiven("validating-webhook-key"))) {
      throw new UsageException(
          "--validating-webhook needs --validating-webhook-certificate and"
              + " --validating-webhook-key");
    }
    if (!PREFIX.matcher(flags.text("annotations-prefix")).matches()) {
      throw new UsageException(
          "--annotations-prefix="
              + flags.text("annotations-prefix")
              + ": expected a DNS name such as nginx.ingress.kubernetes.io, without slash");
    }
    for (var flag : AT_LEAST_A_SECOND) {
      if (flags.duration(flag).compareTo(Duration.ofSeconds(1)) < 0) {
        throw new UsageException("--" + flag + "=" + flags.text(flag) + ": expected 1s or more");
      }
    }
    differentPorts(flags);
  }

  private static void differentPorts(Flags flags) throws UsageException {
    Map<Integer, String> taken = new HashMap<>();
    for (var flag : PORTS) {
      int port = flags.number(flag);
      var other = port == 0 ? null : taken.put(port, flag);
      if (other != null) {
        throw new UsageException(
            "--" + other + " and --" + flag + " are both " + port + ", give different ports");
      }
    }
  }
}
