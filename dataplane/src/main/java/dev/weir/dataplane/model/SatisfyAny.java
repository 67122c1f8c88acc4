package dev.weir.dataplane.model;

/**
 * One passed access check lets a request pass; without this all checks are needed. A mark for the
 * planner of routes, not a filter.
 */
public record SatisfyAny() implements FilterSettings {
  @Override
  public String text() {
    return "satisfy any";
  }
}
