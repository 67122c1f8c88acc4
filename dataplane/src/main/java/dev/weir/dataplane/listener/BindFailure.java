package dev.weir.dataplane.listener;

import dev.weir.dataplane.model.Listener;
import java.util.Locale;

/** A listener could not be opened; the message is one sentence for people, with what to do. */
public final class BindFailure extends Exception {
  BindFailure(Listener listener, Throwable cause) {
    super(describe(listener, cause), cause);
  }

  private static String describe(Listener listener, Throwable cause) {
    var address = listener.address();
    var place = (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + listener.port();
    var reason = String.valueOf(cause.getMessage());
    var lower = reason.toLowerCase(Locale.ROOT);
    String advice;
    if (lower.contains("in use")) {
      advice = "stop the program that listens there, or choose another port";
    } else if (lower.contains("permission")) {
      advice = "ports below 1024 need the capability NET_BIND_SERVICE; or choose a higher port";
    } else if (lower.contains("assign")) {
      advice = "choose an address that this machine has";
    } else {
      advice = "choose another address or port";
    }
    return "Cannot listen on " + place + ": " + reason + "; " + advice + ".";
  }
}
