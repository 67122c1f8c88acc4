package dev.weir.dataplane.model;

import java.util.List;

/**
 * A route's requests are traced ({@code enable-opentelemetry}).
 *
 * @param trusts whether a client's trace is continued ({@code opentelemetry-trust-incoming-span})
 * @param name of the spans ({@code opentelemetry-operation-name})
 */
public record Tracing(boolean trusts, Template name) implements FilterSettings {
  /** Spans are called as the route's path unless somebody says otherwise. */
  public static final Template PATH = new Template(List.of(Template.Variable.LOCATION_PATH));

  @Override
  public String text() {
    return "traced"
        + (name.equals(PATH) ? "" : " as " + name.text())
        + (trusts ? "" : " from here on");
  }
}
