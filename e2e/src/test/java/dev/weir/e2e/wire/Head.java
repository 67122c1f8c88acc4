package dev.weir.e2e.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message's start line and fields.
 *
 * @param raw the bytes as they came, ISO 8859-1, with the empty line
 * @param fields names in lower case, in the order of their arrival
 */
public record Head(String raw, String startLine, List<Field> fields) {
  /** One field line. */
  public record Field(String name, String value) {}

  static Head parse(String raw) {
    var lines = raw.split("\r\n", -1);
    var fields = new ArrayList<Field>();
    for (int i = 1; !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("no field line: " + lines[i]);
      }
      fields.add(
          new Field(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
              lines[i].substring(colon + 1).strip()));
    }
    return new Head(raw, lines[0], List.copyOf(fields));
  }

  /** The values of a field, in order. */
  public List<String> all(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
  }

  /** The only value of a field; null if absent. Two lines of that name are a failure. */
  public @Nullable String field(String name) {
    var values = all(name);
    if (values.size() > 1) {
      throw new AssertionError(name + " occurs " + values.size() + " times in\n" + raw);
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** The status of a reply. */
  public int status() {
    return Integer.parseInt(word(1));
  }

  /** The method of a request. */
  public String method() {
    return word(0);
  }

  /** The target of a request. */
  public String target() {
    return word(1);
  }

  private String word(int index) {
    return startLine.split(" ", 3)[index];
  }

  boolean isChunked() {
    return "chunked".equalsIgnoreCase(field("transfer-encoding"));
  }

  boolean closes() {
    return all("connection").stream().anyMatch("close"::equalsIgnoreCase);
  }
}
