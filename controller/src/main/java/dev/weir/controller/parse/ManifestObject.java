package dev.weir.controller.parse;

import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.Resource;
import java.util.Optional;

/**
 * An object of a manifest file.
 *
 * @param kind as written: tells {@code Endpoints} from {@code EndpointSlice}
 * @param place {@code file:line:column} of its first character
 * @param standIn for a Service, the endpoints that it has if no endpoint object names it ({@link
 *     StandIns})
 */
public record ManifestObject(
    Resource resource, String kind, String place, Optional<EndpointsResource> standIn) {}
