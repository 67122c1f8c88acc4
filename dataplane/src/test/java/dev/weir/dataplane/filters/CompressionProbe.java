package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.Compression;

/** Compression with its memory in sight. */
public final class CompressionProbe {
  private final CompressionMemory memory;
  private final FilterServices services = new FilterServices(System::nanoTime, Runnable::run);

  /** With as much memory as ever. */
  public CompressionProbe() {
    this(CompressionMemory.MOST);
  }

  /** With so many bytes for all replies together. */
  public CompressionProbe(long bytes) {
    memory = services.shared().of(CompressionMemory.class, () -> new CompressionMemory(bytes));
  }

  /** As if brotli's native library could not be loaded. */
  public CompressionProbe withoutBrotli() {
    var _ = services.shared().of(BrotliLibrary.class, () -> new BrotliLibrary(false));
    return this;
  }

  /** Compresses text/plain with both, whatever its length, as little as possible. */
  public RouteFilter filter() {
    return filter(1, 1);
  }

  /** Compresses text/plain with both. */
  public RouteFilter filter(int gzipLevel, int brotliLevel) {
    var types = "text/plain text/event-stream";
    return new CompressionFilter(
        new Compression(
            new Compression.Gzip(gzipLevel, 0, types, ""),
            new Compression.Brotli(brotliLevel, 0, types)),
        services);
  }

  /** Bytes that nobody has. */
  public long left() {
    return memory.left();
  }
}
