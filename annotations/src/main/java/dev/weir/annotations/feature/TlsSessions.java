package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.ByteSize;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.NginxTimes;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.TlsSettings;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** {@code ssl-session-*}: how clients that come back resume their sessions. */
public final class TlsSessions implements AnnotationFeature {
  private static final TlsSettings.Sessions USUAL = TlsSettings.DEFAULT.sessions();

  /** What a session takes of nginx's memory, so that the size means as many sessions. */
  private static final long BYTES_A_SESSION = 256;

  private static final long MOST_SESSIONS = 10_000_000;
  private static final int SHORT_KEY = 48;
  private static final int LONG_KEY = 80;

  private static final Setting<Boolean> TICKETS =
      key(
          "ssl-session-tickets",
          USUAL.tickets(),
          Booleans::parse,
          "Whether sessions of TLS 1.2 are resumed by tickets, too.");
  private static final Setting<String> TICKET_KEY =
      key(
          "ssl-session-ticket-key",
          USUAL.ticketKey(),
          ValueParser.TEXT,
          "Key of the tickets, 48 or 80 bytes as Base64: replicas that share it take each other's"
              + " tickets.");
  private static final Setting<Boolean> CACHE =
      key("ssl-session-cache", true, Booleans::parse, "Whether sessions are kept for resumption.");
  private static final Setting<ByteSize> CACHE_SIZE =
      key(
          "ssl-session-cache-size",
          new ByteSize(10 << 20),
          TlsSessions::size,
          "Memory for sessions as nginx counts it: a megabyte for 4000.");
  private static final Setting<Duration> TIMEOUT =
      key(
          "ssl-session-timeout",
          USUAL.timeout(),
          NginxTimes::positive,
          "How long a session can be resumed.");

  private static <T> Setting<T> key(String name, T byDefault, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        byDefault,
        Scope.PROXY,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  private static boolean isTicketKey(String text) {
    try {
      int length = Base64.getDecoder().decode(text).length;
      return length == SHORT_KEY || length == LONG_KEY;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ByteSize size(String text) throws InvalidValueException {
    var size = ByteSize.parse(text);
    if (size.bytes() < BYTES_A_SESSION) {
      throw new InvalidValueException("a size such as 10m; ssl-session-cache: false for no cache");
    }
    return size;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(TICKETS, TICKET_KEY, CACHE, CACHE_SIZE, TIMEOUT);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(TICKETS)) {
      return "Sessions of TLS 1.3 are resumed by tickets as long as there is a cache, under keys"
          + " that this process makes, turns and forgets; nginx shows its cache's ids as tickets.";
    }
    if (setting.equals(TICKET_KEY)) {
      return "The keys that encrypt follow from it and turn with ssl-session-timeout, so the clocks"
          + " of replicas must agree about that well; nginx itself can't read the tickets. Without"
          + " it keys turn, too.";
    }
    return setting.equals(CACHE_SIZE) || setting.equals(CACHE)
        ? "Hosts with ssl-ciphers of their own have caches of their own, of a tenth of the size."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    // Not told by its parser, since the text is a secret.
    boolean keyed = isTicketKey(values.get(TICKET_KEY));
    if (!keyed && !values.get(TICKET_KEY).isEmpty()) {
      proxy.report(
          Problem.Level.WARNING,
          TICKET_KEY,
          "is not valid (expected: 48 or 80 random bytes as Base64); keys of our own are used",
          "");
    }
    long sessions = Math.min(values.get(CACHE_SIZE).bytes() / BYTES_A_SESSION, MOST_SESSIONS);
    proxy.tls(
        proxy
            .tls()
            .sessions(
                new TlsSettings.Sessions(
                    values.get(TICKETS),
                    keyed ? values.get(TICKET_KEY) : USUAL.ticketKey(),
                    values.get(CACHE) ? (int) sessions : 0,
                    values.get(TIMEOUT))));
  }
}
