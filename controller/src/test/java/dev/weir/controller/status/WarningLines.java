package dev.weir.controller.status;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What {@link Complaint} warns of, instead of the log; of all tests that run at the time. */
final class WarningLines implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Complaint.class);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel() == Level.WARN) {
            lines.add(event.getFormattedMessage());
          }
        }
      };

  WarningLines() {
    appender.start();
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  /** Those so far that contain a text. */
  List<String> of(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
  }
}
