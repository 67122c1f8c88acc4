package dev.weir.dataplane.model;

/** Nothing is written to the access log ({@code enable-access-log: "false"}). */
public record Unlogged() implements FilterSettings {
  @Override
  public String text() {
    return "access-log off";
  }
}
