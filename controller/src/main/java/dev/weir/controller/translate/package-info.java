/**
 * Pure functions from cluster state to routing table, certificates and findings. The doors are
 * {@link dev.weir.controller.translate.HostTranslator}, {@link
 * dev.weir.controller.translate.UpstreamTranslator} and {@link
 * dev.weir.controller.translate.SettingsTranslator}.
 *
 * <p>No client, no clock, no log: everything is read through the {@link
 * dev.weir.controller.resource.ClusterView} that a door is given, so that whoever calls it can
 * record what the result depends on.
 *
 * <p>Thread rule: translators may be used by any thread, one compile at a time each; results are
 * immutable.
 */
@NullMarked
package dev.weir.controller.translate;

import org.jspecify.annotations.NullMarked;
