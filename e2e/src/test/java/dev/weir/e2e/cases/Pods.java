package dev.weir.e2e.cases;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The pods of one Service. */
final class Pods implements AutoCloseable {
  /** An address of a Service at which nobody listens. */
  static final String NOBODY = "10.96.0.10";

  private final Recorder recorder;
  private final Backends backends = new Backends();
  private final List<SilentPod> silent = new ArrayList<>();
  private final int port;
  private final List<String> addresses = new ArrayList<>();
  private final String serviceAddress;

  Pods(String name, ServiceForm form, Map<String, CountDownLatch> gates, Authorities authorities) {
    recorder = new Recorder(gates, form.replies());
    var tls = form.tls();
    var security = tls == null ? null : tls.security(authorities);
    for (int i = 1; i <= form.endpoints(); i++) {
      backends.scripted(form.endpoints() == 1 ? name : name + "-" + i, recorder, security);
    }
    addresses.addAll(backends.addresses());
    serviceAddress =
        switch (form.address()) {
          case "none" -> "None";
          case "own" -> backends.scripted(name + "-service", recorder, security).address();
          default -> NOBODY;
        };
    for (int i = 0; i < form.refusing(); i++) {
      addresses.add(backends.freeAddress());
    }
    for (int i = 0; i < form.silent(); i++) {
      silent.add(new SilentPod(backends.freeAddress(), backends.port()));
      addresses.add(silent.getLast().address());
    }
    port = silent.isEmpty() ? backends.port() : silent.getLast().port();
  }

  Recorder recorder() {
    return recorder;
  }

  int port() {
    return port;
  }

  /** The Service's own address, or {@code None}. */
  String serviceAddress() {
    return serviceAddress;
  }

  /** Of all, those that refuse included. */
  List<String> addresses() {
    return addresses;
  }

  int openConnections() {
    return backends.all().stream().mapToInt(Backend::openConnections).sum();
  }

  @Override
  public void close() {
    backends.close();
    silent.forEach(SilentPod::close);
  }
}
