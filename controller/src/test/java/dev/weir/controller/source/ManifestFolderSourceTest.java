package dev.weir.controller.source;

import static dev.weir.controller.source.Folder.namespace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("It counts the JVM's threads")
final class ManifestFolderSourceTest {
  @TempDir Path root;

  private static final class Recorder implements SourceListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void onBatch(SourceBatch batch) {
      events.add(batch.changes().size() + " changes, " + batch.findings().size() + " findings");
    }

    @Override
    public void onSynced() {
      events.add("synced");
    }
  }

  @Test
  void everythingIsThereWhenTheStartReturns() throws Exception {
    new Folder(root).write("a.yaml", namespace("a", "1") + "---\n" + namespace("b", "1"));
    var recorder = new Recorder();

    try (var source = new ManifestFolderSource(root)) {
      source.start(recorder);

      assertThat(recorder.events).containsExactly("2 changes, 0 findings", "synced");
    }
  }

  @Test
  void reportsOfTheFileSystemAreFollowedLongBeforeTheNextLook() throws Exception {
    var folder = new Folder(root).write("a.yaml", namespace("a", "1"));
    var recorder = new Recorder();

    try (var source = new ManifestFolderSource(root, Duration.ofHours(1), Duration.ofMillis(10))) {
      source.start(recorder);
      folder.write("a.yaml", namespace("a", "2"));
      await().until(() -> recorder.events.size() == 3);
      folder.write("sub/b.yaml", namespace("b", "1"));
      await().until(() -> recorder.events.size() == 4);
      folder.write("sub/b.yaml", namespace("b", "2"));
      await().until(() -> recorder.events.size() == 5);
      folder.renameOver("a.yaml", namespace("a", "3"));
      await().until(() -> recorder.events.size() == 6);
    }
  }

  @Test
  void changesThatNobodyReportsAreFoundByLooking() throws Exception {
    // The file behind the link lies outside what is watched.
    var outside = Files.createTempDirectory("weir-outside");
    var folder = new Folder(outside).write("real.yaml", namespace("a", "1"));
    Files.createSymbolicLink(root.resolve("a.yaml"), outside.resolve("real.yaml"));
    var recorder = new Recorder();

    try (var source =
        new ManifestFolderSource(root, Duration.ofMillis(20), Duration.ofMillis(10))) {
      source.start(recorder);
      folder.write("real.yaml", namespace("a", "2"));

      await().until(() -> recorder.events.contains("1 changes, 0 findings"));
      await().until(() -> recorder.events.size() == 3);
    } finally {
      folder.delete("real.yaml");
      Files.delete(outside);
    }
  }

  @Test
  void nothingIsDeliveredAfterClose() throws Exception {
    var folder = new Folder(root).write("a.yaml", namespace("a", "1"));
    var recorder = new Recorder();
    var source = new ManifestFolderSource(root, Duration.ofMillis(5), Duration.ofMillis(1));
    source.start(recorder);
    var follower = followers();
    source.close();
    folder.write("a.yaml", namespace("a", "2"));

    await().until(() -> follower.stream().noneMatch(Thread::isAlive));
    assertThat(recorder.events).hasSize(2);
  }

  private static List<Thread> followers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("manifests"))
        .toList();
  }

  @Test
  void aFolderThatDoesNotExistIsSaidSo() throws IOException {
    var missing = root.resolve("missing");
    var file = Files.writeString(root.resolve("file.yaml"), "");

    try (var source = new ManifestFolderSource(missing)) {
      assertThatThrownBy(() -> source.start(new Recorder()))
          .isInstanceOf(SourceException.class)
          .hasMessage("There is no folder " + missing + "; create it or name another");
    }
    try (var source = new ManifestFolderSource(file)) {
      assertThatThrownBy(() -> source.start(new Recorder()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("is a file; name the folder");
    }
  }
}
