package dev.weir.dataplane.model;

/**
 * A socket that accepts clients.
 *
 * @param address literal address to bind
 * @param port 0 lets the system choose
 * @param tls whether it speaks TLS
 */
public record Listener(String address, int port, boolean tls) {}
