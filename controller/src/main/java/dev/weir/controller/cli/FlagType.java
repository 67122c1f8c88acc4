package dev.weir.controller.cli;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a flag's value may look like. Values stay text until a command asks for them by type, so
 * that the text is checked once, here.
 *
 * @param label stands for the value in help: {@code PORT}
 * @param expected completes the sentence "expected ..."
 */
record FlagType(String label, String expected, Predicate<String> accepts) {
  private static final Pattern PAIR = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?/[-a-z0-9.]+");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern HOST_PORT =
      Pattern.compile("([-A-Za-z0-9._]*|\\[[0-9A-Fa-f:.%]+]):\\d{1,5}");

  static final FlagType TEXT = new FlagType("TEXT", "text", text -> true);

  /** As Go's {@code strconv.ParseBool}. */
  static final FlagType SWITCH =
      new FlagType(
          "",
          "true or false",
          text ->
              List.of("1", "t", "T", "true", "TRUE", "True").contains(text)
                  || List.of("0", "f", "F", "false", "FALSE", "False").contains(text));

  static final FlagType PORT =
      new FlagType("PORT", "a port number from 0 to 65535", text -> inRange(text, 0, 65_535));

  /** A whole number that isn't negative. */
  static final FlagType COUNT =
      new FlagType("N", "a whole number, 0 or more", text -> inRange(text, 0, Integer.MAX_VALUE));

  /** A whole number that isn't zero. */
  static final FlagType POSITIVE =
      new FlagType("N", "a whole number, 1 or more", text -> inRange(text, 1, Integer.MAX_VALUE));

  /** A time as a whole number of seconds. */
  static final FlagType SECONDS =
      new FlagType(
          "SECONDS",
          "a whole number of seconds, 0 or more",
          text -> inRange(text, 0, Integer.MAX_VALUE));

  static final FlagType DECIMAL = new FlagType("NUMBER", "a number", FlagType::isDecimal);

  static final FlagType DECIMALS =
      new FlagType(
          "NUMBER,...",
          "numbers separated by commas",
          text ->
              text.isEmpty()
                  || List.of(text.split(",", -1)).stream().allMatch(FlagType::isDecimal));

  static final FlagType DURATION =
      new FlagType("DURATION", "a duration such as 30s, 1m30s or 0", GoDuration::accepts);

  /** Empty counts as not given: charts pass {@code --flag=} for a value that isn't set. */
  static final FlagType NAMESPACE_AND_NAME =
      new FlagType(
          "NAMESPACE/NAME",
          "namespace/name",
          text -> text.isEmpty() || PAIR.matcher(text).matches());

  static final FlagType NAMESPACE =
      new FlagType(
          "NAMESPACE",
          "the name of one namespace",
          text -> text.isEmpty() || LABEL.matcher(text).matches());

  static final FlagType HOST_AND_PORT =
      new FlagType(
          "HOST:PORT",
          "host:port, or :port for all addresses",
          text ->
              text.isEmpty()
                  || (HOST_PORT.matcher(text).matches()
                      && inRange(text.substring(text.lastIndexOf(':') + 1), 0, 65_535)));

  static final FlagType ABSOLUTE_PATH =
      new FlagType(
          "PATH",
          "a URL path that begins with /",
          text ->
              text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?'));

  static final FlagType FILE = new FlagType("FILE", "a file name", text -> true);

  static final FlagType ADDRESSES =
      new FlagType(
          "ADDRESS,...",
          "IP addresses separated by commas",
          text -> text.isEmpty() || BindAddresses.parse(text).isPresent());

  /** One of a few words. */
  static FlagType choice(String... words) {
    var allowed = List.of(words);
    return new FlagType(
        String.join("|", allowed), "one of " + String.join(", ", allowed), allowed::contains);
  }

  /** Whether a {@link #SWITCH} value means on. */
  static boolean isOn(String text) {
    return text.startsWith("t") || text.startsWith("T") || text.equals("1");
  }

  /** A {@link #DURATION} value, or {@link #SECONDS}. */
  static Duration duration(FlagType type, String text) {
    return type.equals(SECONDS) ? Duration.ofSeconds(Long.parseLong(text)) : GoDuration.parse(text);
  }

  private static boolean inRange(String text, long least, long most) {
    if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    long number = Long.parseLong(text);
    return number >= least && number <= most;
  }

  private static boolean isDecimal(String text) {
    return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  }
}
