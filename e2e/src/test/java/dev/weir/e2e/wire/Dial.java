package dev.weir.e2e.wire;

import java.util.List;

/**
 * How a client connects.
 *
 * @param serverName sent as SNI over TLS; empty for none
 * @param from the client's own address; empty for the system's choice
 * @param preface sent before anything else, TLS included: a PROXY line
 * @param versions of TLS; empty for 1.3 and 1.2
 * @param ciphers of TLS, Java's names; empty for all
 * @param groups of TLS, Java's names; empty for all
 * @param session under which sessions of TLS are remembered and resumed; empty for not at all
 */
public record Dial(
    String serverName,
    String from,
    String preface,
    List<String> versions,
    List<String> ciphers,
    List<String> groups,
    String session) {}
