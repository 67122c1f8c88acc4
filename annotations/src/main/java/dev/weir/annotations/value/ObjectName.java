package dev.weir.annotations.value;

/**
 * An object that a value names: {@code name} or {@code namespace/name}.
 *
 * @param namespace empty for the Ingress's own
 */
public record ObjectName(String namespace, String name) {
  private static final String NAME = "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?";

  /** Reads one. */
  public static ObjectName parse(String text) throws InvalidValueException {
    int slash = text.indexOf('/');
    var namespace = slash < 0 ? "" : text.substring(0, slash);
    var name = text.substring(slash + 1);
    if (!name.matches(NAME) || (slash >= 0 && !namespace.matches(NAME))) {
      throw new InvalidValueException("name or namespace/name");
    }
    return new ObjectName(namespace, name);
  }

  /** The same with {@code own} in the place of no namespace. */
  public ObjectName in(String own) {
    return namespace.isEmpty() ? new ObjectName(own, name) : this;
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
