package dev.weir.dataplane.upstream;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request head written by hand. */
public record TestRequest(
    String method, String target, String authority, Fields fields, long bodyLength, String upgrade)
    implements RequestHead {

  public static TestRequest get(String target, String... fields) {
    return new TestRequest("GET", target, "shop.example.com", lines(fields), 0, "");
  }

  public static TestRequest post(String target, long length, String... fields) {
    return new TestRequest("POST", target, "shop.example.com", lines(fields), length, "");
  }

  public TestRequest with(String otherMethod) {
    return new TestRequest(otherMethod, target, authority, fields, bodyLength, upgrade);
  }

  public TestRequest upgradingTo(String protocol) {
    return new TestRequest(method, target, authority, fields, bodyLength, protocol);
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public String path() {
    return target;
  }

  @Override
  public String host() {
    return authority;
  }

  @Override
  public boolean expectsContinue() {
    return false;
  }

  /** Fields from {@code name: value} lines. */
  static Fields lines(String... lines) {
    return new Lines(List.of(lines));
  }

  private record Lines(List<String> lines) implements Fields {
    @Override
    public @Nullable String first(String name) {
      var all = all(name);
      return all.isEmpty() ? null : all.getFirst();
    }

    @Override
    public List<String> all(String name) {
      var values = new ArrayList<String>();
      forEach(
          (n, v) -> {
            if (n.toString().equalsIgnoreCase(name)) {
              values.add(v.toString());
            }
          });
      return values;
    }

    @Override
    public boolean contains(String name) {
      return !all(name).isEmpty();
    }

    @Override
    public void forEach(Visitor visitor) {
      for (var line : lines) {
        int colon = line.indexOf(':');
        visitor.field(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }

    @Override
    public int size() {
      return lines.size();
    }
  }
}
