package dev.weir.e2e.cases;

import dev.weir.e2e.backend.Security;
import java.util.List;

/**
 * How the pods of a Service speak TLS.
 *
 * @param names in their certificate
 * @param authority who signed it
 * @param below how many authorities stand in between
 * @param clients who signed the certificates that clients must show; empty for none
 * @param versions only these; empty for all
 * @param ciphers only these; empty for all
 */
record TlsForm(
    List<String> names,
    String authority,
    int below,
    String clients,
    List<String> versions,
    List<String> ciphers) {

  static TlsForm read(Form form) {
    var read =
        new TlsForm(
            form.texts("names"),
            form.text("authority", "services"),
            form.number("below", 0),
            form.text("clients", ""),
            form.texts("versions"),
            form.texts("ciphers"));
    form.end();
    return read.names.isEmpty()
        ? new TlsForm(
            List.of("pod"), read.authority, read.below, read.clients, read.versions, read.ciphers)
        : read;
  }

  Security security(Authorities authorities) {
    var own = authorities.issue(authority, below, names);
    var context = own.serverContext(clients.isEmpty() ? null : authorities.of(clients));
    return new Security(context, !clients.isEmpty(), versions, ciphers);
  }
}
