/**
 * The built program as a process, and what it is fed: folders of manifests, objects, certificates.
 *
 * <p>Thread rule: the test's thread; a process's output is read by a thread of its own.
 */
@NullMarked
package dev.weir.e2e.harness;

import org.jspecify.annotations.NullMarked;
