package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A change in the history of a resource.
 *
 * @param before the object before it; null for a new one
 * @param after the object as it is, or as it was when deleted
 */
record WatchEvent(long version, boolean deleted, @Nullable JsonNode before, JsonNode after) {}
