package dev.weir.dataplane.model;

import java.time.Duration;

/**
 * Who is believed about the client that a request comes from (ingress-nginx.md 2, 4.7).
 *
 * @param fields whether forwarded fields of trusted peers are believed: address, host, port and
 *     scheme ({@code use-forwarded-headers})
 * @param addressOnly whether of those fields only the address is believed ({@code enable-real-ip})
 * @param appends whether {@code X-Forwarded-For} is appended to instead of replaced ({@code
 *     compute-full-forwarded-for}); only with {@code fields}
 * @param addressField the field that holds the address, lower-case ({@code forwarded-for-header})
 * @param peers who is trusted ({@code proxy-real-ip-cidr})
 * @param proxyProtocol whether every connection begins with a PROXY header ({@code
 *     use-proxy-protocol})
 * @param proxyProtocolTimeout how long that header may take ({@code proxy-protocol-header-timeout})
 */
public record ForwardedTrust(
    boolean fields,
    boolean addressOnly,
    boolean appends,
    String addressField,
    AddressSet peers,
    boolean proxyProtocol,
    Duration proxyProtocolTimeout) {
  /** The field that holds the address unless another is named. */
  public static final String USUAL_FIELD = "x-forwarded-for";

  /** Nobody is believed. */
  public static final ForwardedTrust DEFAULT =
      new ForwardedTrust(
          false, false, false, USUAL_FIELD, AddressSet.ALL, false, Duration.ofSeconds(5));

  /** Whether fields of a request can tell anything about its client. */
  public boolean readsFields() {
    return fields || (addressOnly && !proxyProtocol);
  }
}
