/**
 * The Helm chart in {@code manifests/helm/weir}: linted and rendered by Helm's own code, and
 * compared with what it rendered before.
 *
 * <p>Thread rule: each test's own thread.
 */
@NullMarked
package dev.weir.controller.chart;

import org.jspecify.annotations.NullMarked;
