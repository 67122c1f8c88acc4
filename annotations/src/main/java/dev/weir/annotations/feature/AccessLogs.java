package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.LogFormat;
import dev.weir.dataplane.model.LogFormatParser;
import dev.weir.dataplane.model.Unlogged;
import java.util.LinkedHashSet;
import java.util.List;

/** The access log: whether, where and how a line is written for each request. */
public final class AccessLogs implements AnnotationFeature {
  private static final Setting<Boolean> ENABLED =
      new Setting<>(
          Setting.Names.annotation("enable-access-log"),
          true,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether requests are written to the access log.");

  private static final Setting<Boolean> DISABLED =
      key("disable-access-log", false, Booleans::parse, "No access log at all.");
  private static final Setting<Boolean> HTTP_DISABLED =
      key("disable-http-access-log", false, Booleans::parse, "No access log of HTTP requests.");
  private static final Setting<Boolean> DEFAULT_BACKEND =
      key(
          "enable-access-log-for-default-backend",
          false,
          Booleans::parse,
          "Whether requests for hosts that no Ingress has are written to the access log.");
  private static final Setting<Boolean> AUTH =
      key(
          "enable-auth-access-log",
          false,
          Booleans::parse,
          "Whether requests to authentication services have lines of their own.");
  private static final Setting<List<String>> SKIPPED =
      key(
          "skip-access-log-urls",
          List.of(),
          CommaList::parse,
          "Targets, query included, whose requests are not written to the access log.");
  private static final Setting<String> FORMAT =
      key(
          "log-format-upstream",
          LogFormat.STANDARD_TEXT,
          ValueParser.TEXT,
          "The line of a request: text and variables.");
  private static final Setting<Boolean> JSON =
      key(
          "log-format-escape-json",
          false,
          Booleans::parse,
          "Values are escaped as in JSON strings, and are empty where there is none.");
  private static final Setting<Boolean> NONE =
      key(
          "log-format-escape-none",
          false,
          Booleans::parse,
          "Values are written as they are, control characters excepted.");
  private static final Setting<String> PATH =
      key(
          "access-log-path",
          "",
          ValueParser.TEXT,
          "The file that the access log goes to; standard output unless set.");
  private static final Setting<String> HTTP_PATH =
      key(
          "http-access-log-path",
          "",
          ValueParser.TEXT,
          "The file that the access log goes to, before access-log-path.");

  private static final Setting<String> PARAMS =
      key(
          "access-log-params",
          "",
          ValueParser.TEXT,
          "How nginx writes the file: buffer and flush; lines are always gathered for some"
              + " milliseconds here.");

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

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        ENABLED,
        DISABLED,
        HTTP_DISABLED,
        DEFAULT_BACKEND,
        AUTH,
        SKIPPED,
        FORMAT,
        JSON,
        NONE,
        PATH,
        HTTP_PATH,
        PARAMS);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return setting.equals(PARAMS) ? Disposition.INERT : Disposition.WORKS;
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(AUTH)) {
      return "An answer that is kept (auth-cache-key) makes no line.";
    }
    return setting.equals(PARAMS)
        ? "gzip and if, which change what is written, have no effect; a finding says so."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var format = LogFormatParser.parse(values.get(FORMAT), escape(values));
    for (var unknown : new LinkedHashSet<>(format.unknown())) {
      proxy.report(
          Problem.Level.WARNING,
          FORMAT,
          "has the variable " + unknown + ", which isn't known; it is shown as one without a value",
          "remove the variable, or write another one of nginx's");
    }
    reportParams(values.get(PARAMS), proxy);
    var path = values.get(HTTP_PATH).isEmpty() ? values.get(PATH) : values.get(HTTP_PATH);
    proxy.accessLog(
        new AccessLogSettings(
            !values.get(DISABLED) && !values.get(HTTP_DISABLED),
            values.get(DEFAULT_BACKEND),
            values.get(AUTH),
            new LinkedHashSet<>(values.get(SKIPPED)),
            format,
            path));
  }

  /** Where and when bytes are gathered is nobody's business; what they are is. */
  private static void reportParams(String params, ProxyDraft proxy) {
    for (var param : params.split("\\s+", -1)) {
      if (!param.isEmpty() && !param.startsWith("buffer=") && !param.startsWith("flush=")) {
        proxy.report(
            Problem.Level.WARNING,
            PARAMS,
            "has " + param + ", which has no effect: every line is written, and as text",
            "remove it; skip-access-log-urls keeps requests out of the log");
      }
    }
  }

  private static LogFormat.Escape escape(Values values) {
    if (values.get(NONE)) {
      return LogFormat.Escape.NONE;
    }
    return values.get(JSON) ? LogFormat.Escape.JSON : LogFormat.Escape.DEFAULT;
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (!values.get(ENABLED)) {
      route.filter(new Unlogged());
    }
  }
}
