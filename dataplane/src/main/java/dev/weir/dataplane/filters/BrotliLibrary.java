package dev.weir.dataplane.filters;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether brotli's native library can be used. Loading it writes a file, so this is for the
 * controller thread.
 *
 * @param available whether it can
 */
record BrotliLibrary(boolean available) {
  private static final Logger LOG = LoggerFactory.getLogger(BrotliLibrary.class);

  /** Loads the library; says so if that fails. */
  static BrotliLibrary load() {
    return of(Brotli4jLoader.getUnavailabilityCause());
  }

  /**
   * What the loading came to.
   *
   * @param failure null for success
   */
  static BrotliLibrary of(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn(
          "Replies are not compressed with brotli: its native library can't be loaded ({}). It is"
              + " unpacked into java.io.tmpdir, which must be writable, and exists for Linux on"
              + " x86_64 and aarch64.",
          failure.toString());
    }
    return new BrotliLibrary(failure == null);
  }
}
