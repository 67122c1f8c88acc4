/**
 * A Kubernetes API server for tests, in the test's own process: objects, lists in pages, watches
 * from a version, expired versions, bookmarks, and every fault that a client must live through. It
 * validates nothing and defaults nothing.
 *
 * <p>Thread rule: every class here may be used from any thread.
 */
@NullMarked
package dev.weir.e2e.apiserver;

import org.jspecify.annotations.NullMarked;
