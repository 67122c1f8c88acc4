package dev.weir.e2e.apiserver;

import java.util.ArrayList;
import java.util.List;

/** Every request since the start or the last clearing. */
final class RequestLog {
  private final List<ApiRequest> requests = new ArrayList<>();

  synchronized void add(ApiRequest request) {
    requests.add(request);
  }

  synchronized List<ApiRequest> of(String verb, String resource) {
    return requests.stream().filter(Faults.on(verb, resource)).toList();
  }

  synchronized void clear() {
    requests.clear();
  }
}
