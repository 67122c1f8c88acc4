package dev.weir.dataplane;

import dev.weir.dataplane.exchange.RouteTable;
import dev.weir.tls.CertificateTable;

/** Everything that traffic looks at, behind one reference. Immutable. */
record LiveTable(RouteTable routes, CertificateTable certificates, LiveTls tls) {}
