package dev.weir.dataplane.model;

import java.util.ArrayDeque;

/**
 * How large an expression gets when its counted repetitions are written out, as RE2/J does before
 * it knows whether there is memory for that. An estimate: too high by some, never too low by much.
 * Used up by one {@link #of}.
 */
final class PatternSize {
  private static final long MOST = Integer.MAX_VALUE;

  private final String text;
  private final ArrayDeque<Long> outer = new ArrayDeque<>();
  private long size;
  private long last;

  private PatternSize(String text) {
    this.text = text;
  }

  /** Instructions, about. */
  static long of(String text) {
    return new PatternSize(text).measure();
  }

  private long measure() {
    for (int i = 0; i < text.length(); ) {
      i = step(i);
    }
    while (!outer.isEmpty()) {
      size = sum(size, outer.pop());
    }
    return size;
  }

  private int step(int i) {
    return switch (text.charAt(i)) {
      case '\\' -> atom(i + 2);
      case '[' -> atom(afterClass(text, i));
      case '(' -> open(i + 1);
      case ')' -> close(i + 1);
      case '{' -> repetition(i);
      default -> atom(i + 1);
    };
  }

  private int open(int next) {
    outer.push(size);
    size = 0;
    return next;
  }

  private int close(int next) {
    last = size + 2;
    size = sum(outer.isEmpty() ? 0 : outer.pop(), last);
    return next;
  }

  private int atom(int next) {
    last = 1;
    size = sum(size, 1);
    return next;
  }

  /** The end of the class that begins at {@code i}. */
  private static int afterClass(String text, int i) {
    int at = i + 1;
    if (at < text.length() && text.charAt(at) == '^') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == ']') {
      at++;
    }
    while (at < text.length() && text.charAt(at) != ']') {
      if (text.charAt(at) == '\\') {
        at += 2;
      } else if (text.startsWith("[:", at) && text.indexOf(":]", at + 2) >= 0) {
        at = text.indexOf(":]", at + 2) + 2;
      } else {
        at++;
      }
    }
    return at + 1;
  }

  private int repetition(int i) {
    int close = text.indexOf('}', i);
    if (close < 0) {
      return atom(i + 1);
    }
    long most = 0;
    long number = 0;
    for (int at = i + 1; at < close; at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        number = Math.min(MOST, number * 10 + (c - '0'));
      } else if (c == ',') {
        most = number;
        number = 0;
      } else {
        return atom(i + 1);
      }
    }
    most = Math.max(Math.max(most, number), 1);
    size = sum(size, Math.min(MOST, last * (most - 1)));
    last = Math.min(MOST, last * most);
    return close + 1;
  }

  private static long sum(long a, long b) {
    return Math.min(MOST, a + b);
  }
}
