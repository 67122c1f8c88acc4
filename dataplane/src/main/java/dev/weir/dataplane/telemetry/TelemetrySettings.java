package dev.weir.dataplane.telemetry;

import java.util.List;
import java.util.Set;

/**
 * What is counted and how it is labelled; ingress-nginx's flags.
 *
 * @param identity labels that every controller metric carries
 * @param requests whether there are series of requests at all ({@code --enable-metrics})
 * @param hosts whether they are told apart by host
 * @param statusClasses {@code 2xx} in place of {@code 200} ({@code --report-status-classes})
 * @param buckets of the histograms of requests
 * @param excluded request metrics to leave out, without or with prefix ({@code
 *     --exclude-socket-metrics})
 */
public record TelemetrySettings(
    Identity identity,
    boolean requests,
    Hosts hosts,
    boolean statusClasses,
    Buckets buckets,
    Set<String> excluded) {

  public TelemetrySettings {
    excluded = Set.copyOf(excluded);
  }

  /** Which controller this is. */
  public record Identity(String controllerNamespace, String controllerClass, String controllerPod) {
    Labels labels() {
      return Labels.of("controller_class", controllerClass)
          .and("controller_namespace", controllerNamespace)
          .and("controller_pod", controllerPod);
    }
  }

  /** What the label {@code host} tells apart. */
  public enum Hosts {
    /** There is no such label ({@code --metrics-per-host=false}). */
    NONE,
    /** Hosts of rules; requests to others are not counted. */
    DEFINED,
    /** Also others, up to a bound ({@code --metrics-per-undefined-host}). */
    ALL
  }

  /**
   * Upper bounds, ascending, without infinity.
   *
   * @param time seconds ({@code --time-buckets})
   * @param length bytes of {@code request_size} and {@code response_size} ({@code
   *     --length-buckets})
   * @param size bytes of {@code bytes_sent} ({@code --size-buckets})
   */
  public record Buckets(List<Double> time, List<Double> length, List<Double> size) {
    /** ingress-nginx's. */
    public static final Buckets DEFAULT =
        new Buckets(
            List.of(.005, .01, .025, .05, .1, .25, .5, 1d, 2.5, 5d, 10d),
            List.of(10d, 20d, 30d, 40d, 50d, 60d, 70d, 80d, 90d, 100d),
            List.of(10d, 100d, 1_000d, 10_000d, 100_000d, 1_000_000d, 10_000_000d));

    public Buckets {
      time = ascending("time", time);
      length = ascending("length", length);
      size = ascending("size", size);
    }

    private static List<Double> ascending(String name, List<Double> bounds) {
      for (int i = 0; i < bounds.size(); i++) {
        if (!Double.isFinite(bounds.get(i)) || (i > 0 && bounds.get(i) <= bounds.get(i - 1))) {
          throw new IllegalArgumentException(
              name + " buckets: " + bounds + " (expected: finite numbers in ascending order)");
        }
      }
      return List.copyOf(bounds);
    }
  }

  /** Without request metrics and without names. */
  public static final TelemetrySettings DEFAULT =
      new TelemetrySettings(
          new Identity("", "", ""), false, Hosts.DEFINED, false, Buckets.DEFAULT, Set.of());
}
