package dev.weir.dataplane.wire;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.ReplyHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A reply's head made by a test.
 *
 * @param lines {@code name: value}
 */
public record OwnReply(int status, String reason, List<String> lines, long bodyLength)
    implements ReplyHead {
  /** One without fields. */
  public static OwnReply of(int status, long bodyLength) {
    return new OwnReply(status, "", List.of(), bodyLength);
  }

  @Override
  public Fields fields() {
    return new Lines(lines);
  }

  private record Lines(List<String> lines) implements Fields {
    @Override
    public @Nullable String first(String name) {
      var values = all(name);
      return values.isEmpty() ? null : values.getFirst();
    }

    @Override
    public List<String> all(String name) {
      var values = new ArrayList<String>();
      var prefix = name.toLowerCase(Locale.ROOT) + ": ";
      for (var line : lines) {
        if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
          values.add(line.substring(prefix.length()));
        }
      }
      return values;
    }

    @Override
    public boolean contains(String name) {
      return !all(name).isEmpty();
    }

    @Override
    public void forEach(Visitor visitor) {
      for (var line : lines) {
        int colon = line.indexOf(": ");
        visitor.field(line.substring(0, colon), line.substring(colon + 2));
      }
    }

    @Override
    public int size() {
      return lines.size();
    }
  }
}
