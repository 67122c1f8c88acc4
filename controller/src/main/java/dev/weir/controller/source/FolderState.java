package dev.weir.controller.source;

import dev.weir.controller.parse.ManifestFile;
import dev.weir.controller.parse.ManifestReader;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.source.FolderView.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder of manifests as it is in effect, and what it takes to follow it.
 *
 * <p>A change counts once two looks that follow each other find the same: then nobody is writing
 * any more, and files that change together are taken together. A file that is always being written
 * doesn't hold up the others for ever.
 *
 * <p>Not thread-safe; {@link ManifestFolderSource} guards it.
 */
final class FolderState {
  /** Looks in a row that may find something else before the files at rest are taken. */
  static final int PATIENCE = 40;

  /** Of so many looks one reads all files, however unchanged they look. */
  private static final int THOROUGH = 30;

  private final Path folder;
  private final ManifestReader reader = new ManifestReader();
  private final Map<String, Tracked> tracked = new TreeMap<>();
  private FolderView seen = FolderView.NONE;
  private FolderContents contents = FolderContents.EMPTY;
  private List<Finding> findings = List.of();
  private boolean vanished;
  private int restless;
  private int looks;

  /**
   * A file.
   *
   * @param seen the look that {@code content} is of; compared by hash
   * @param content what is in effect: the last good version where the present one is broken
   * @param good whether {@code content} is a version without broken objects
   * @param findings about the present version
   */
  private record Tracked(Seen seen, ManifestFile content, boolean good, List<Finding> findings) {}

  /**
   * What a look led to.
   *
   * @param batch what changed, if something did
   * @param pending whether something is changing: look again soon
   */
  record Outcome(Optional<SourceBatch> batch, boolean pending) {}

  FolderState(Path folder) {
    this.folder = folder;
  }

  /** The folders to be watched, as of the last look. */
  Set<Path> folders() {
    return seen.folders();
  }

  /**
   * Reads everything, without waiting for rest.
   *
   * @throws IOException if the folder can't be listed
   */
  SourceBatch first() throws IOException {
    seen = FolderView.look(folder, FolderView.NONE, true);
    seen.files().forEach(this::take);
    return batch(List.of()).orElseGet(() -> new SourceBatch(List.of(), scope(), List.of()));
  }

  /** Looks, and takes what has changed and come to rest. */
  Outcome poll() {
    FolderView now;
    try {
      now = FolderView.look(folder, seen, ++looks % THOROUGH == 0);
    } catch (IOException gone) {
      var finding =
          ManifestReader.ofFile(
              scope(),
              Severity.ERROR,
              "the folder can't be read (" + FolderView.reason(gone) + "); what it held stays",
              "bring it back");
      vanished = true;
      return new Outcome(batch(List.of(finding)), false);
    }
    var before = seen;
    seen = now;
    var changed = changed(now);
    if (changed.isEmpty()) {
      restless = 0;
      var back = vanished ? batch(List.of()) : Optional.<SourceBatch>empty();
      vanished = false;
      return new Outcome(back, false);
    }
    var resting = new HashSet<>(changed);
    resting.removeIf(name -> !Objects.equals(before.files().get(name), now.files().get(name)));
    if (resting.size() < changed.size() && ++restless < PATIENCE) {
      return new Outcome(Optional.empty(), true);
    }
    restless = 0;
    boolean taken = true;
    for (var name : resting) {
      var file = now.files().get(name);
      if (file == null) {
        tracked.remove(name);
      } else {
        taken &= take(name, file);
      }
    }
    boolean all = taken && resting.size() == changed.size();
    return new Outcome(batch(List.of()), !all);
  }

  /** The names of files that differ from what is in effect. */
  private Set<String> changed(FolderView now) {
    var names = new HashSet<String>();
    now.files()
        .forEach(
            (name, file) -> {
              var known = tracked.get(name);
              if (known == null
                  || !known.seen.hash().equals(file.hash())
                  || !known.seen.problem().equals(file.problem())) {
                names.add(name);
              }
            });
    tracked.keySet().stream().filter(name -> !now.files().containsKey(name)).forEach(names::add);
    return names;
  }

  /** Reads a file; answers whether it still was what the look had found. */
  private boolean take(String name, Seen file) {
    var before = tracked.get(name);
    if (!file.problem().isEmpty()) {
      keep(name, file, before, List.of(unreadable(name, file.problem())));
      return true;
    }
    try {
      var content = FolderView.read(folder.resolve(name));
      if (before != null && !FolderView.hash(content).equals(file.hash())) {
        return false;
      }
      var manifest = reader.read(name, content);
      if (manifest.broken() && before != null && before.good) {
        keep(name, file, before, manifest.findings());
      } else {
        tracked.put(name, new Tracked(file, manifest, !manifest.broken(), manifest.findings()));
      }
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private void keep(String name, Seen file, @Nullable Tracked before, List<Finding> newFindings) {
    var all = new ArrayList<>(newFindings);
    boolean good = before != null && before.good;
    if (good) {
      all.add(
          ManifestReader.ofFile(
              name,
              Severity.WARNING,
              "the objects of its last good version stay in effect",
              "repair the file"));
    }
    var content = before == null ? new ManifestFile(List.of(), List.of(), true) : before.content;
    tracked.put(name, new Tracked(file, content, good, all));
  }

  private static Finding unreadable(String name, String problem) {
    return ManifestReader.ofFile(
        name, Severity.ERROR, "the file can't be read: " + problem, "check its permissions");
  }

  /** The difference between what is tracked and what was delivered; none if there is no. */
  private Optional<SourceBatch> batch(List<Finding> more) {
    var now = FolderContents.of(tracked.values().stream().map(Tracked::content).toList());
    var nowFindings = new ArrayList<>(more);
    tracked.values().forEach(file -> nowFindings.addAll(file.findings));
    nowFindings.addAll(now.findings());
    if (tracked.isEmpty() && more.isEmpty()) {
      nowFindings.add(
          ManifestReader.ofFile(
              scope(), Severity.WARNING, "no .yaml, .yml or .json file is in this folder", ""));
    }
    var changes = now.changesFrom(contents);
    if (changes.isEmpty() && nowFindings.equals(findings)) {
      return Optional.empty();
    }
    contents = now;
    findings = nowFindings;
    return Optional.of(new SourceBatch(changes, scope(), nowFindings));
  }

  private String scope() {
    return folder.toString();
  }
}
