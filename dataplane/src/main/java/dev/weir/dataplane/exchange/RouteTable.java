package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.router.Router;

/**
 * What an exchange works with; pinned at its head and kept to its end. Immutable.
 *
 * @param version counts applied changes
 */
public record RouteTable(
    Router<RoutePlan> router, ProxySettings settings, ServerLimits limits, long version) {}
