package dev.weir.annotations;

/**
 * How TLS is spoken to Services of a host whose Ingresses ask for nothing themselves, as one
 * Ingress of the host has it.
 *
 * @param namespace of that Ingress; it speaks for no other one's
 * @param fault why what it asks for can't be had; empty if it can
 */
public record HostTls(String namespace, ServiceTls tls, String fault) {}
