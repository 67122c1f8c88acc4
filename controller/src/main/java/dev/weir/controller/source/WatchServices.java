package dev.weir.controller.source;

/** What the watches of one API server share. */
record WatchServices(
    ApiClient client,
    ObjectReader reader,
    Watchdog watchdog,
    RetryGate gate,
    Deliveries deliveries,
    ApiServerTiming timing) {}
