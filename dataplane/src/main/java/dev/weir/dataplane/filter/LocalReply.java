package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HeadEdits;
import java.util.List;

/**
 * A reply that the proxy makes itself.
 *
 * @param fields besides those of the body and of framing
 * @param body what it carries
 * @param close whether the connection ends with it, because the request's body isn't wanted
 */
public record LocalReply(int status, List<HeadEdits.Edit> fields, Body body, boolean close) {
  public LocalReply {
    fields = List.copyOf(fields);
  }

  /** The body of an own reply. */
  public enum Body {
    NONE,
    /** A small HTML page that names the status. */
    STATUS_PAGE
  }

  /** The page of a status. */
  public static LocalReply page(int status) {
    return new LocalReply(status, List.of(), Body.STATUS_PAGE, false);
  }

  /** A redirect. */
  public static LocalReply redirect(int status, String location) {
    return page(status).with("location", location);
  }

  /** The same with a field more. */
  public LocalReply with(String name, String value) {
    var more = new java.util.ArrayList<>(fields);
    more.add(new HeadEdits.Edit(name, value, true));
    return new LocalReply(status, more, body, close);
  }

  /** Puts its fields into the edits of a reply's head. */
  public void putFields(HeadEdits edits) {
    for (int i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      var value = field.value();
      if (value == null) {
        edits.remove(field.name());
      } else if (field.replace()) {
        edits.set(field.name(), value);
      } else {
        edits.add(field.name(), value);
      }
    }
  }

  /** The same, ending the connection. */
  public LocalReply closing() {
    return new LocalReply(status, fields, body, true);
  }
}
