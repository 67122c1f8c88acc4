package dev.weir.controller.admin;

import java.util.regex.Pattern;

/**
 * Users' text goes into pages of lines and to terminals; it must not be able to begin a line of its
 * own.
 */
public final class ControlCharacters {
  private static final Pattern RUN = Pattern.compile("\\p{Cntrl}+");

  private ControlCharacters() {}

  /** The text with a space in place of control characters. */
  public static String hidden(String text) {
    return RUN.matcher(text).replaceAll(" ");
  }
}
