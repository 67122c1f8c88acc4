package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists handed out in pages: all pages show the moment of the first one. Guarded by its store. */
final class ListPages {
  /**
   * A page.
   *
   * @param next continue token; empty on the last page
   * @param remaining how many objects follow this page
   */
  record Page(List<ObjectNode> items, long version, String next, int remaining) {}

  private record Rest(List<ObjectNode> items, long version) {}

  private final Map<String, Rest> rests = new HashMap<>();
  private long tokens;

  Page first(List<ObjectNode> items, long version, int limit) {
    return page(new Rest(items, version), limit);
  }

  Page next(String token, int limit) throws ApiError {
    var rest = rests.remove(token);
    if (rest == null) {
      throw ApiError.expired(
          "The provided continue parameter is too old to display a consistent list result. You must"
              + " start a new list without the continue parameter.");
    }
    return page(rest, limit);
  }

  void expire() {
    rests.clear();
  }

  private Page page(Rest rest, int limit) {
    var items = rest.items();
    if (limit == 0 || items.size() <= limit) {
      return new Page(items, rest.version(), "", 0);
    }
    tokens++;
    var token = "page-" + tokens;
    rests.put(token, new Rest(items.subList(limit, items.size()), rest.version()));
    return new Page(items.subList(0, limit), rest.version(), token, items.size() - limit);
  }
}
