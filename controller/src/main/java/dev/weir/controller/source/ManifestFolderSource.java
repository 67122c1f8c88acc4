package dev.weir.controller.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of manifests in place of an API server, followed as it changes.
 *
 * <p>Files {@code *.yaml}, {@code *.yml} and {@code *.json} in the folder and those below it are
 * read; links are followed, names that start with a dot are not. Changes are noticed through the
 * file system's own reports, and by a look at all contents every second where those don't arrive
 * (bind mounts, NFS, links that are swapped). Each change is one batch, with all files that changed
 * together.
 *
 * <p>Batches have one scope, the folder: their findings are all there are at that time. A broken
 * file keeps the objects of its last good version, and so does everything if the folder vanishes.
 *
 * <p>The first batch and {@code onSynced} are delivered inside {@link #start}; later ones by a
 * thread of this source's own.
 */
public final class ManifestFolderSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestFolderSource.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration REST = Duration.ofMillis(50);

  private final Path folder;
  private final Duration every;
  private final Duration rest;
  private final Object lock = new Object();
  private final FolderState state;
  private final FolderWatch watch;
  private boolean closed;

  /**
   * @param folder the folder with the manifests
   */
  public ManifestFolderSource(Path folder) {
    this(folder, EVERY, REST);
  }

  /**
   * @param every time between looks when nothing is reported
   * @param rest how long a change must stay as it is before it counts
   */
  ManifestFolderSource(Path folder, Duration every, Duration rest) {
    this.folder = folder;
    this.every = every;
    this.rest = rest;
    this.state = new FolderState(folder);
    this.watch = new FolderWatch(folder.getFileSystem());
  }

  @Override
  public void start(SourceListener listener) throws SourceException {
    synchronized (lock) {
      if (!Files.isDirectory(folder)) {
        throw new SourceException(
            Files.exists(folder)
                ? folder + " is a file; name the folder that contains the manifests"
                : "There is no folder " + folder + "; create it or name another");
      }
      try {
        listener.onBatch(state.first());
      } catch (IOException unreadable) {
        throw new SourceException(
            "The folder "
                + folder
                + " can't be read ("
                + FolderView.reason(unreadable)
                + "); check its permissions");
      }
      watch.watch(state.folders());
      listener.onSynced();
      Thread.ofPlatform().name("manifests").daemon().start(() -> follow(listener));
    }
  }

  private void follow(SourceListener listener) {
    boolean pending = true;
    try {
      while (!watch.isClosed()) {
        if (pending) {
          watch.pause(rest);
        } else {
          watch.awaitChange(every);
        }
        pending = poll(listener);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once and delivers what changed; answers whether to look again soon. */
  private boolean poll(SourceListener listener) {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      try {
        var outcome = state.poll();
        outcome.batch().ifPresent(listener::onBatch);
        boolean unwatchedSoFar = watch.watch(state.folders());
        return unwatchedSoFar || outcome.pending();
      } catch (RuntimeException failure) {
        LOG.error("Following the folder {} failed; trying again", folder, failure);
        return false;
      }
    }
  }

  @Override
  public void close() {
    watch.close();
    synchronized (lock) {
      closed = true;
    }
  }
}
