package dev.weir.dataplane.model;

/** The backend is asked under another host than the client named. */
public record UpstreamHost(Template host) implements FilterSettings {
  @Override
  public String text() {
    return "upstream-vhost " + host.text();
  }
}
