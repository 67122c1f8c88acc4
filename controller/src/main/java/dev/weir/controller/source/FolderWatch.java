package dev.weir.controller.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the thread that follows a folder: early where the file system tells of changes, else when
 * its time is up. What happened is not told; whoever is woken looks for himself.
 *
 * <p>{@link #close} may be called from any thread, the rest by one.
 */
final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private final @Nullable WatchService service;

  FolderWatch(FileSystem files) {
    this.service = open(files);
  }

  private static @Nullable WatchService open(FileSystem files) {
    try {
      return files.newWatchService();
    } catch (IOException | UnsupportedOperationException none) {
      LOG.info("The system reports no file changes ({}); looking every second", none.toString());
      return null;
    }
  }

  /**
   * Watches exactly these folders. One that can't be watched is looked at when time is up.
   *
   * @return whether one is watched newly, so that what happened in it before now went unreported
   */
  boolean watch(Set<Path> folders) {
    if (service == null) {
      return false;
    }
    boolean more = false;
    keys.entrySet()
        .removeIf(
            entry -> {
              boolean gone = !folders.contains(entry.getKey()) || !entry.getValue().isValid();
              if (gone) {
                entry.getValue().cancel();
              }
              return gone;
            });
    for (var folder : folders) {
      try {
        // Again at every look: a folder of the same name may be another one by now.
        var key =
            folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        more |= !key.equals(keys.put(folder, key));
      } catch (IOException | ClosedWatchServiceException unwatched) {
        LOG.debug("Folder {} can't be watched: {}", folder, unwatched.toString());
      }
    }
    return more;
  }

  /** Waits until something changes, time is up or this is closed. */
  void awaitChange(Duration most) throws InterruptedException {
    if (service == null) {
      pause(most);
      return;
    }
    try {
      var key = service.poll(most.toMillis(), TimeUnit.MILLISECONDS);
      while (key != null) {
        key.pollEvents();
        key.reset();
        key = service.poll();
      }
    } catch (ClosedWatchServiceException ended) {
      LOG.trace("The watch ended", ended);
    }
  }

  /** Waits until time is up or this is closed, whatever changes. */
  void pause(Duration time) throws InterruptedException {
    closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    if (service != null) {
      try {
        service.close();
      } catch (IOException ignored) {
        LOG.debug("Closing the watch: {}", ignored.toString());
      }
    }
  }
}
