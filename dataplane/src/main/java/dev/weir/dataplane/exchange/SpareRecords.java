package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.RequestHead;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;

/**
 * Records of exchanges that were counted, to be used again: they are what of an exchange nobody
 * else refers to. Each event loop has its own.
 */
final class SpareRecords {
  private static final int MOST = 64;

  private final FastThreadLocal<ArrayDeque<ExchangeRecord>> unused =
      new FastThreadLocal<>() {
        @Override
        protected ArrayDeque<ExchangeRecord> initialValue() {
          return new ArrayDeque<>();
        }
      };

  /** A record of a request that begins now. */
  ExchangeRecord begin(RoutePlan plan, RequestHead head) {
    var spare = unused.get().pollLast();
    var record = spare == null ? new ExchangeRecord(plan) : spare;
    record.begin(plan, head);
    return record;
  }

  /** Nobody looks at this one any more. */
  void add(ExchangeRecord record) {
    var others = unused.get();
    if (others.size() < MOST) {
      others.addLast(record);
    }
  }
}
