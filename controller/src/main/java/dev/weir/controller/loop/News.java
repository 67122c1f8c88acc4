package dev.weir.controller.loop;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;

/** What came of an object that somebody is interested in. */
public sealed interface News {
  /**
   * An Ingress of ours is there, in this state.
   *
   * @param served whether it may make routes; false for one that is refused as a whole
   * @param asksAnew whether it became ours or asks for something else than before; false if its
   *     status or other things that nothing is made of changed
   */
  record IngressIs(IngressResource ingress, boolean served, boolean asksAnew) implements News {}

  /** An Ingress that was ours is gone, or isn't ours any more. */
  record IngressLeft(ObjectKey ingress) implements News {}

  /**
   * An object is there, in this state.
   *
   * @param created whether it wasn't known before
   */
  record ObjectIs(Resource object, boolean created) implements News {}

  /** An object isn't there. Told at the start, too. */
  record ObjectMissing(ObjectKey object) implements News {}
}
