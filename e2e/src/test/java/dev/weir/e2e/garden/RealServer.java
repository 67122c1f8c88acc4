package dev.weir.e2e.garden;

import java.util.List;

/** A server that is not ours, listening on 127.0.0.1. */
interface RealServer extends AutoCloseable {
  String name();

  int port();

  /** Every request that it saw whole so far. */
  List<Seen> seen();

  @Override
  void close();
}
