package dev.weir.dataplane.filter;

/**
 * Under which a filter keeps something of a request from one call to the next; filters themselves
 * have no state. Compared by identity: a filter that needs one makes one for itself.
 *
 * @param <T> what is kept
 */
@SuppressWarnings("UnusedTypeParameter") // it ties what is kept to what is got back
public final class RequestKey<T> {}
