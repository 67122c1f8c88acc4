package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.MediaTypes;

/**
 * Which replies are compressed in one coding, and how much.
 *
 * @param minLength bytes; less is compressed only where the length isn't announced
 */
record CompressibleReplies(int level, long minLength, MediaTypes types) {
  /**
   * Reads the types.
   *
   * @throws IllegalArgumentException if they aren't what {@link MediaTypes} takes
   */
  static CompressibleReplies of(int level, long minLength, String types) {
    return new CompressibleReplies(level, minLength, MediaTypes.parse(types));
  }

  /**
   * Whether a reply is one of them.
   *
   * @param length {@link RequestHead#UNKNOWN_LENGTH} if it isn't announced
   */
  boolean include(String type, long length) {
    return (length == RequestHead.UNKNOWN_LENGTH || (length > 0 && length >= minLength))
        && types.contain(type);
  }
}
