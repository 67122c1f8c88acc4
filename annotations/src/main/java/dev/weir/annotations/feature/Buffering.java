package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.ByteSize;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.ReplyHeadSize;
import java.util.List;

/**
 * {@code proxy-buffer-size} and nginx's other buffers (ingress-nginx.md 1.3, 73 to 76). Bodies
 * stream here, both ways, at the pace of the slower side and without touching a disk; only a
 * reply's head has a size of its own.
 */
public final class Buffering implements AnnotationFeature {
  private static final ByteSize USUAL_HEAD = new ByteSize(64 * 1024);
  private static final long LARGEST_HEAD = 1024 * 1024;

  private static final Setting<ByteSize> HEAD =
      setting(
          "proxy-buffer-size",
          USUAL_HEAD,
          ByteSize::parse,
          WhenInvalid.DEFAULT,
          "The largest head of a reply, from 64k to 1m; above it 502.");
  private static final Setting<Boolean> REQUESTS =
      setting(
          "proxy-request-buffering",
          false,
          Buffering::onOff,
          WhenInvalid.DEFAULT,
          "off and on mean the same here: the Service is asked at once and the body streams.");
  private static final Setting<Boolean> REPLIES =
      setting(
          "proxy-buffering",
          false,
          Buffering::onOff,
          WhenInvalid.DEFAULT,
          "off and on mean the same here: a reply streams no faster than the client reads.");
  private static final Setting<ByteSize> REQUEST_BODY =
      setting(
          "client-body-buffer-size",
          new ByteSize(8 * 1024),
          Buffering::anySize,
          WhenInvalid.DROP,
          "Memory for a request's body, which streams here.");

  private static <T> Setting<T> setting(
      String name, T byDefault, ValueParser<T> parser, WhenInvalid whenInvalid, String doc) {
    return new Setting<>(
        Setting.Names.both(name), byDefault, Scope.ROUTE, Risk.LOW, whenInvalid, parser, doc);
  }

  private static Boolean onOff(String text) throws InvalidValueException {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new InvalidValueException("on or off");
    };
  }

  /** A size that may also end in b, which nginx's controller takes and nginx doesn't get. */
  private static ByteSize anySize(String text) throws InvalidValueException {
    boolean bytes = text.endsWith("b") || text.endsWith("B");
    return ByteSize.parse(bytes ? text.substring(0, text.length() - 1) : text);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(HEAD, REQUESTS, REPLIES, REQUEST_BODY);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return setting.equals(HEAD) ? Disposition.WORKS : Disposition.INERT;
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(HEAD)) {
      return "Heads of up to 64k always pass; a smaller size changes nothing.";
    }
    return setting.equals(REQUESTS)
        ? "There the whole body is read before the Service is asked, unless it is off."
        : "";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    long bytes = Math.min(values.get(HEAD).bytes(), LARGEST_HEAD);
    if (bytes > USUAL_HEAD.bytes()) {
      route.filter(new ReplyHeadSize((int) bytes));
    }
  }
}
