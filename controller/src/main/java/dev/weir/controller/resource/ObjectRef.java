package dev.weir.controller.resource;

/**
 * One incarnation of an object; the only way to point at an object. Two objects of the same name
 * that follow each other differ by UID.
 *
 * @param uid {@code metadata.uid}; empty where an object comes from a file without one
 */
public record ObjectRef(ObjectKey key, String uid) {
  /** Kind and name as users write them: {@code Ingress default/shop}. */
  @Override
  public String toString() {
    return key.toString();
  }
}
