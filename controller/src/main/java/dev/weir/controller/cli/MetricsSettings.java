package dev.weir.controller.cli;

import java.util.List;
import java.util.Set;

/**
 * What the flags say of request metrics.
 *
 * @param requests {@code --enable-metrics}
 * @param perHost {@code --metrics-per-host}
 * @param perUndefinedHost {@code --metrics-per-undefined-host}
 * @param statusClasses {@code --report-status-classes}
 * @param excluded {@code --exclude-socket-metrics}
 */
record MetricsSettings(
    boolean requests,
    boolean perHost,
    boolean perUndefinedHost,
    boolean statusClasses,
    Buckets buckets,
    Set<String> excluded) {

  /** Upper bounds of histograms: seconds, bytes of a message, bytes sent. */
  record Buckets(List<Double> time, List<Double> length, List<Double> size) {}

  static MetricsSettings of(Flags flags) {
    return new MetricsSettings(
        flags.isOn("enable-metrics"),
        flags.isOn("metrics-per-host"),
        flags.isOn("metrics-per-undefined-host"),
        flags.isOn("report-status-classes"),
        new Buckets(
            flags.decimals("time-buckets"),
            flags.decimals("length-buckets"),
            flags.decimals("size-buckets")),
        Set.copyOf(flags.words("exclude-socket-metrics")));
  }
}
