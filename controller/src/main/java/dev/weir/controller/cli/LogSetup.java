package dev.weir.controller.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.weir.controller.admin.FindingsLog;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log: standard output, one line an event, text or JSON. Done in code, because reading
 * an XML file takes a noticeable part of the time to start.
 */
final class LogSetup {
  /** Line breaks and other control characters of users' text can't imitate a line of the log. */
  private static final String LINE =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\", UTC} %-5level %logger{0}: "
          + "%replace(%msg){'[\\p{Cntrl}]+', ' '}%n%ex";

  private static final int QUEUE = 8192;

  private LogSetup() {}

  /**
   * Replaces whatever was set up before.
   *
   * @param level of Weir's own loggers; libraries speak from warnings on
   */
  static void apply(String format, Level level) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setName("stdout");
    console.setEncoder(encoder(context, format));
    console.start();
    var appender = new AsyncAppender();
    appender.setContext(context);
    appender.setName("queue");
    appender.setQueueSize(QUEUE);
    appender.setDiscardingThreshold(0);
    // Whoever reads standard output may stall; event loops and the controller thread must not.
    appender.setNeverBlock(true);
    appender.addAppender(console);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("dev.weir").setLevel(level);
    // It warns where loopback is the only interface, of a name for channels that nobody reads.
    context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
  }

  /** Leaves errors only, and findings out altogether. */
  static void silence() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.weir").setLevel(Level.ERROR);
      context.getLogger(FindingsLog.NAME).setLevel(Level.OFF);
    }
  }

  /** Writes what is still queued; nothing is logged after this. */
  static void flush() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  /** The level that klog's {@code -v} asks for. */
  static Level level(int verbosity) {
    if (verbosity >= 5) {
      return Level.TRACE;
    }
    return verbosity >= 3 ? Level.DEBUG : Level.INFO;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
    if (format.equals("json")) {
      var encoder = new JsonEncoder();
      encoder.setWithContext(false);
      encoder.setWithSequenceNumber(false);
      encoder.setWithNanoseconds(false);
      encoder.setWithArguments(false);
      encoder.setWithMDC(false);
      encoder.setWithMessage(false);
      encoder.setWithFormattedMessage(true);
      encoder.setContext(context);
      encoder.start();
      return encoder;
    }
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern(LINE);
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
