package dev.weir.dataplane.telemetry;

/** What of a request is shown as a histogram; in the order in which they are written. */
enum Measure {
  REQUEST_TIME(
      "request_duration_seconds",
      "Time from the first byte of a request to the last byte of its reply.",
      Scale.TIME),
  RESPONSE_TIME(
      "response_duration_seconds",
      "Time until the whole reply came from the upstream.",
      Scale.TIME),
  HEADER_TIME(
      "header_duration_seconds",
      "Time until the head of the reply came from the upstream.",
      Scale.TIME),
  CONNECT_TIME("connect_duration_seconds", "Time spent connecting to the upstream.", Scale.TIME),
  REQUEST_BYTES("request_size", "Bytes of a request, head included.", Scale.LENGTH),
  REPLY_BYTES("response_size", "Bytes of a reply, head included.", Scale.LENGTH),
  BYTES_SENT(
      "bytes_sent",
      "Bytes of a reply, head included; response_size has taken its place.",
      Scale.SIZE);

  private final String metric;
  private final String help;
  private final Scale scale;

  /** Which buckets it has. */
  enum Scale {
    TIME,
    LENGTH,
    SIZE
  }

  Measure(String metric, String help, Scale scale) {
    this.metric = metric;
    this.help = help;
    this.scale = scale;
  }

  /** The metric's name without prefix. */
  String metric() {
    return metric;
  }

  String help() {
    return help;
  }

  Scale scale() {
    return scale;
  }

  /** Its value; {@link RequestSample#NONE} for what did not happen. */
  long of(RequestSample sample) {
    return switch (this) {
      case REQUEST_TIME -> sample.requestNanos();
      case RESPONSE_TIME -> sample.responseNanos();
      case HEADER_TIME -> sample.headerNanos();
      case CONNECT_TIME -> sample.connectNanos();
      case REQUEST_BYTES -> sample.requestBytes();
      case REPLY_BYTES, BYTES_SENT -> sample.replyBytes();
    };
  }
}
