package dev.weir.controller.source;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.source.SourceBatch.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A listener that keeps what a controller would know, and every removal. May be read any time. */
final class Delivered implements SourceListener {
  private final Map<ObjectKey, Resource> objects = new HashMap<>();
  private final List<ObjectKey> removed = new ArrayList<>();
  private final Map<String, List<Finding>> findings = new TreeMap<>();
  private int replaces;
  private int batches;
  private int synced;

  @Override
  public synchronized void onBatch(SourceBatch batch) {
    batches++;
    findings.put(batch.scope(), batch.findings());
    for (var change : batch.changes()) {
      switch (change) {
        case Change.Put(var resource) -> objects.put(resource.key(), resource);
        case Change.Remove(var key) -> remove(known -> known.equals(key));
        case Change.Replace(var kind, var namespace, var resources) -> {
          replaces++;
          var keys = resources.stream().map(Resource::key).collect(Collectors.toSet());
          remove(known -> covers(kind, namespace, known) && !keys.contains(known));
          resources.forEach(resource -> objects.put(resource.key(), resource));
        }
      }
    }
  }

  private static boolean covers(Kind kind, String namespace, ObjectKey key) {
    return key.kind() == kind && (namespace.isEmpty() || key.namespace().equals(namespace));
  }

  private void remove(Predicate<ObjectKey> which) {
    var gone = objects.keySet().stream().filter(which).toList();
    gone.forEach(objects::remove);
    removed.addAll(gone);
  }

  @Override
  public synchronized void onSynced() {
    synced++;
  }

  synchronized int synced() {
    return synced;
  }

  synchronized int replaces() {
    return replaces;
  }

  synchronized int batches() {
    return batches;
  }

  synchronized List<ObjectKey> removed() {
    return List.copyOf(removed);
  }

  synchronized @Nullable Resource get(Kind kind, String namespace, String name) {
    return objects.get(new ObjectKey(kind, namespace, name));
  }

  /** {@code namespace/name} of all objects of a kind, in order. */
  synchronized List<String> names(Kind kind) {
    return objects.keySet().stream()
        .filter(key -> key.kind() == kind)
        .map(key -> key.namespace() + "/" + key.name())
        .sorted()
        .toList();
  }

  synchronized int count(Kind kind) {
    return (int) objects.keySet().stream().filter(key -> key.kind() == kind).count();
  }

  synchronized List<String> findings() {
    return findings.values().stream().flatMap(List::stream).map(Finding::text).toList();
  }
}
