/**
 * From text or a fabric8 object to a record of {@code controller.resource}, or to a finding. The
 * border: what passes it is complete and valid, so nobody behind it checks for null.
 *
 * <p>Thread rule: everything here may be called from any thread; what comes out is immutable.
 */
@NullMarked
package dev.weir.controller.parse;

import org.jspecify.annotations.NullMarked;
