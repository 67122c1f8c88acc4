package dev.weir.dataplane.http;

/**
 * Fields that the serializers alone write, because they say how a message is framed or what becomes
 * of its connection (RFC 9112 6, RFC 9110 7.6.1). Pure.
 */
public final class OwnFields {
  /** Of requests; Host is the serializer's, too, but an edit may name another one. */
  public static final long OF_REQUESTS =
      FieldName.bits(
          FieldName.TE,
          FieldName.HOST,
          FieldName.EXPECT,
          FieldName.UPGRADE,
          FieldName.TRAILER,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.CONTENT_LENGTH,
          FieldName.HTTP2_SETTINGS,
          FieldName.PROXY_CONNECTION,
          FieldName.TRANSFER_ENCODING,
          FieldName.PROXY_AUTHENTICATE,
          FieldName.PROXY_AUTHORIZATION);

  /** Of replies. */
  public static final long OF_REPLIES =
      FieldName.bits(
          FieldName.TE,
          FieldName.UPGRADE,
          FieldName.TRAILER,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.CONTENT_LENGTH,
          FieldName.PROXY_CONNECTION,
          FieldName.TRANSFER_ENCODING);

  private OwnFields() {}

  /** Whether nobody else sets a request's field of that name. */
  public static boolean inRequests(CharSequence name) {
    return (FieldName.of(name).bit() & OF_REQUESTS) != 0;
  }

  /** Whether nobody else sets a reply's field of that name. */
  public static boolean inReplies(CharSequence name) {
    return (FieldName.of(name).bit() & OF_REPLIES) != 0;
  }
}
