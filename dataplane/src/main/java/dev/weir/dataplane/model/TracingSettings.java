package dev.weir.dataplane.model;

import java.time.Duration;

/**
 * Which requests of traced routes are recorded, and where their spans go; ingress-nginx's {@code
 * otel-*} and {@code otlp-*}. Routes say by {@link Tracing} whether they are traced.
 *
 * @param service the name that traces give this proxy ({@code otel-service-name})
 */
public record TracingSettings(
    Collector collector, String service, Sampling sampling, Batches batches) {
  /** Nothing is sent anywhere. */
  public static final TracingSettings DEFAULT =
      new TracingSettings(
          new Collector("", 4317, Protocol.GRPC),
          "nginx",
          new Sampling(Sampler.ALWAYS_ON, 0.01, true),
          new Batches(2048, Duration.ofSeconds(5), 512));

  /** How OTLP is spoken. */
  public enum Protocol {
    GRPC(false),
    /** With protobuf. */
    HTTP(false),
    /** gRPC in TLS. */
    GRPCS(true),
    /** HTTP in TLS, with protobuf. */
    HTTPS(true);

    private final boolean secure;

    Protocol(boolean secure) {
      this.secure = secure;
    }

    /** Whether it is spoken in TLS. */
    public boolean secure() {
      return secure;
    }
  }

  /**
   * Who takes spans.
   *
   * @param host name or address; empty if nobody does
   */
  public record Collector(String host, int port, Protocol protocol) {
    /** Without a path. */
    public String url() {
      boolean v6 = host.indexOf(':') >= 0;
      return (protocol.secure() ? "https://" : "http://")
          + (v6 ? "[" + host + "]" : host)
          + ":"
          + port;
    }
  }

  /** Who decides where nobody before us did. */
  public enum Sampler {
    ALWAYS_ON,
    ALWAYS_OFF,
    TRACE_ID_RATIO_BASED
  }

  /**
   * Which requests are recorded.
   *
   * @param ratio from 0 to 1, for the last of the samplers
   * @param parentBased whether the client's decision comes first
   */
  public record Sampling(Sampler sampler, double ratio, boolean parentBased) {
    /** Whether the sampler takes a trace with this lower half of its id. */
    public boolean takes(long traceLow) {
      return switch (sampler) {
        case ALWAYS_ON -> true;
        case ALWAYS_OFF -> false;
        case TRACE_ID_RATIO_BASED ->
            ratio >= 1 || (traceLow & Long.MAX_VALUE) < (long) (ratio * Long.MAX_VALUE);
      };
    }
  }

  /**
   * How spans are gathered.
   *
   * @param queue how many may wait; more are dropped ({@code otel-max-queuesize})
   * @param delay how long one waits at most ({@code otel-schedule-delay-millis})
   * @param most how many are sent at once ({@code otel-max-export-batch-size})
   */
  public record Batches(int queue, Duration delay, int most) {
    /** At least 1 each; a batch is no larger than the queue. */
    public Batches {
      if (queue < 1 || most < 1) {
        throw new IllegalArgumentException(
            "queue " + queue + ", batch " + most + " (expected: at least 1)");
      }
      most = Math.min(most, queue);
    }
  }

  /** Short where nobody said anything. */
  @Override
  public String toString() {
    return equals(DEFAULT)
        ? "usual"
        : "TracingSettings["
            + collector
            + ", service="
            + service
            + ", "
            + sampling
            + ", "
            + batches
            + "]";
  }

  /** Whether spans are sent anywhere. */
  public boolean exports() {
    return !collector.host().isEmpty();
  }
}
