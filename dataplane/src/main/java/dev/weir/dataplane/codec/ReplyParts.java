package dev.weir.dataplane.codec;

/**
 * What upstream connections have read of replies to one client and can't hand on yet: the beginning
 * of a head, of a record of TLS, of trailers. Such a part is read on only when there is room for
 * what is missing of it, or the client's connection would have us hold more than it may. Owned by
 * that connection's event loop, and used on it.
 */
public interface ReplyParts {
  /**
   * A read that can't be taken back may bring so many bytes (io_uring: the kernel has its buffer
   * already); negative as soon as it is known what it brought. The reply may be over by then.
   */
  void reading(int bytes);

  /**
   * A part takes more of the room, or less. The reply may be over.
   *
   * @param bytes that came of it and are held; negative for fewer
   * @param reserved for what is missing of it; negative for fewer
   */
  void gathering(int bytes, int reserved);

  /** Something that {@link #gathering} told of was handed on or given up: others may have room. */
  void gathered();

  /**
   * Whether a part may be read on now, for which {@link Part#missing} is to be reserved; if not it
   * is told when it may, in its turn, unless {@link #forget} comes before.
   */
  boolean admits(Part part);

  /**
   * So many of the bytes that are held are of parts whose endpoints keep silent; negative for
   * fewer. They take the room that is kept for one part, too.
   */
  void stuck(int bytes);

  /** This part is whole, or given up, or nobody sends more of it for the moment. */
  void forget(Part part);

  /** Of a reply, not whole yet. */
  interface Part {
    /** Bytes that are to come of it, at least. */
    int missing();

    /** There is room for what is missing; it is to be reserved now. */
    void admitted();
  }
}
