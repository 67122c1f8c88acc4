/**
 * Floods of HTTP/2: what attackers do to a connection, at full speed and beside traffic that is to
 * notice nothing (hardening.md row 119, goals 8 to 12). What is asserted is counted: requests that
 * failed, requests that reached a backend, bytes that a connection had the program hold.
 *
 * <p>Thread rule: tests run on JUnit's thread; attackers, clients and backends on virtual threads
 * of their own, whose counts may be read from any thread.
 */
@NullMarked
package dev.weir.e2e.flood;

import org.jspecify.annotations.NullMarked;
