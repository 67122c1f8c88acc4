package dev.weir.dataplane.model;

/**
 * Clients that get 403 because of what they say of themselves. Both lists are those of {@link
 * BlockList}, kept as written: they are on every route, and so they are in memory once.
 *
 * @param userAgents values of {@code User-Agent}
 * @param referers values of {@code Referer}
 */
public record BlockedClients(String userAgents, String referers) implements FilterSettings {
  @Override
  public String text() {
    return "block"
        + (userAgents.isEmpty() ? "" : " user-agents")
        + (referers.isEmpty() ? "" : " referers");
  }
}
