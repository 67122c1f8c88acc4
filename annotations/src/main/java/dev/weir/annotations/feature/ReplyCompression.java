package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.Compression;
import dev.weir.dataplane.model.MediaTypes;
import dev.weir.dataplane.model.PatternException;
import dev.weir.dataplane.model.SafePattern;
import java.util.List;

/**
 * {@code use-gzip}, {@code enable-brotli} and their companions (ingress-nginx.md section 2, rows 70
 * to 75): which replies are compressed on their way. Compression tells those who watch the length
 * of encrypted replies something of what is in them (BREACH), so it is off unless asked for.
 */
public final class ReplyCompression implements AnnotationFeature {
  private static final String TYPES =
      "application/atom+xml application/javascript application/x-javascript application/json"
          + " application/rss+xml application/vnd.ms-fontobject application/x-font-ttf"
          + " application/x-web-app-manifest+json application/xhtml+xml application/xml"
          + " font/opentype image/svg+xml image/x-icon text/css text/javascript text/plain"
          + " text/x-component";

  private static final Setting<Boolean> GZIP =
      key(
          "use-gzip",
          false,
          Booleans::parse,
          "Whether replies are compressed with gzip. Lengths then tell something of secrets that"
              + " stand beside text of the client's choice (BREACH).");
  private static final Setting<Integer> GZIP_LEVEL =
      key("gzip-level", 1, Integers.between(1, 9), "From 1, fast, to 9, small.");
  private static final Setting<Integer> GZIP_LENGTH =
      key("gzip-min-length", 256, Integers.from(0), "Replies that announce fewer bytes stay.");
  private static final Setting<String> GZIP_TYPES =
      key(
          "gzip-types",
          TYPES,
          ReplyCompression::types,
          "Content types that are compressed, separated by blanks, besides text/html; * for all.");
  private static final Setting<String> GZIP_DISABLE =
      key(
          "gzip-disable",
          "",
          ValueParser.TEXT,
          "User agents that get no gzip: an expression, or msie6 for Internet Explorer 4 to 6.");
  private static final Setting<Boolean> BROTLI =
      key(
          "enable-brotli",
          false,
          Booleans::parse,
          "Whether replies are compressed with brotli; it goes before gzip.");
  private static final Setting<Integer> BROTLI_LEVEL =
      key("brotli-level", 4, Integers.between(0, 11), "From 0, fast, to 11, small.");
  private static final Setting<Integer> BROTLI_LENGTH =
      key("brotli-min-length", 20, Integers.from(0), "Replies that announce fewer bytes stay.");
  private static final Setting<String> BROTLI_TYPES =
      key(
          "brotli-types",
          "application/xml+rss " + TYPES,
          ReplyCompression::types,
          "Content types that are compressed, separated by blanks, besides text/html; * for all.");

  private static <T> Setting<T> key(String name, T byDefault, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        byDefault,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  /** Kept as written, once it is known to be a list. */
  private static String types(String text) throws InvalidValueException {
    try {
      MediaTypes.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          "content types separated by blanks, such as text/css application/json, or *");
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        GZIP,
        GZIP_LEVEL,
        GZIP_LENGTH,
        GZIP_TYPES,
        GZIP_DISABLE,
        BROTLI,
        BROTLI_LEVEL,
        BROTLI_LENGTH,
        BROTLI_TYPES);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(GZIP)) {
      return "Weights of Accept-Encoding count, and so does Cache-Control: no-transform. All"
          + " replies that are being compressed share 128 MiB; what finds none left goes as"
          + " it is.";
    }
    if (setting.equals(BROTLI)) {
      return "As use-gzip; clients of HTTP/1.0 and pages of the proxy's own get none, and the"
          + " window has 64 KiB.";
    }
    return setting.equals(GZIP_DISABLE) ? "An expression that is none is ignored." : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var agents = values.get(GZIP_DISABLE);
    try {
      if (!agents.isEmpty()) {
        SafePattern.of(agents, true);
      }
    } catch (PatternException e) {
      proxy.report(
          Problem.Level.WARNING,
          GZIP_DISABLE,
          "\"" + agents + "\" " + e.getMessage() + ", so it is ignored",
          "correct the expression or remove the key");
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    boolean gzip = values.get(GZIP);
    boolean brotli = values.get(BROTLI);
    if (gzip || brotli) {
      route.filter(
          new Compression(
              gzip
                  ? new Compression.Gzip(
                      values.get(GZIP_LEVEL),
                      values.get(GZIP_LENGTH),
                      values.get(GZIP_TYPES),
                      values.get(GZIP_DISABLE))
                  : null,
              brotli
                  ? new Compression.Brotli(
                      values.get(BROTLI_LEVEL), values.get(BROTLI_LENGTH), values.get(BROTLI_TYPES))
                  : null));
    }
  }
}
