package dev.weir.controller.source;

import dev.weir.controller.parse.ManifestFile;
import dev.weir.controller.parse.ManifestObject;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.source.SourceBatch.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects of all files of a folder together: of two with one name the first by file name
 * counts, and each Service has endpoints of one origin: slices, else Endpoints, else its stand-in.
 *
 * @param objects in the order of the files
 * @param findings about objects that don't go together
 */
record FolderContents(Map<ObjectKey, Resource> objects, List<Finding> findings) {
  static final FolderContents EMPTY = new FolderContents(Map.of(), List.of());

  private record ServiceName(String namespace, String name) {
    static ServiceName of(EndpointsResource endpoints) {
      return new ServiceName(endpoints.key().namespace(), endpoints.service());
    }
  }

  /**
   * @param files in the order of their names
   */
  static FolderContents of(Iterable<ManifestFile> files) {
    Set<ServiceName> sliced = new HashSet<>();
    for (var file : files) {
      for (var object : file.objects()) {
        if (object.resource() instanceof EndpointsResource endpoints && !legacy(object)) {
          sliced.add(ServiceName.of(endpoints));
        }
      }
    }
    var contents = new FolderContents(new LinkedHashMap<>(), new ArrayList<>());
    var firsts = new HashMap<ObjectKey, ManifestObject>();
    for (var file : files) {
      for (var object : file.objects()) {
        boolean superseded =
            object.resource() instanceof EndpointsResource endpoints
                && legacy(object)
                && sliced.contains(ServiceName.of(endpoints));
        if (!superseded) {
          contents.add(object, firsts);
        }
      }
    }
    contents.addStandIns(firsts);
    return contents;
  }

  private static boolean legacy(ManifestObject object) {
    return object.kind().equals("Endpoints");
  }

  private void add(ManifestObject object, Map<ObjectKey, ManifestObject> firsts) {
    var first = firsts.putIfAbsent(object.resource().key(), object);
    if (first == null) {
      objects.put(object.resource().key(), object.resource());
    } else {
      findings.add(
          new Finding(
              Severity.WARNING,
              object.resource().ref(),
              object.place(),
              "is ignored: the same object stands at " + first.place() + ", which counts",
              "remove one of them"));
    }
  }

  private void addStandIns(Map<ObjectKey, ManifestObject> firsts) {
    Set<ServiceName> served = new HashSet<>();
    for (var object : firsts.values()) {
      if (object.resource() instanceof EndpointsResource endpoints) {
        served.add(ServiceName.of(endpoints));
      }
    }
    for (var object : firsts.values()) {
      if (object.resource() instanceof ServiceResource service && object.standIn().isPresent()) {
        var standIn = object.standIn().get();
        if (!served.contains(ServiceName.of(standIn))) {
          objects.put(standIn.key(), standIn);
        } else if (service.meta().annotations().containsKey("weir.dev/endpoints")) {
          findings.add(
              new Finding(
                  Severity.WARNING,
                  service.ref(),
                  "weir.dev/endpoints",
                  "has no effect: the folder has endpoint objects of this Service",
                  "remove one of them"));
        }
      }
    }
  }

  /** What turns {@code before} into this. */
  List<Change> changesFrom(FolderContents before) {
    var changes = new ArrayList<Change>();
    for (var key : before.objects.keySet()) {
      if (!objects.containsKey(key)) {
        changes.add(new Change.Remove(key));
      }
    }
    objects.forEach(
        (key, resource) -> {
          if (!resource.equals(before.objects.get(key))) {
            changes.add(new Change.Put(resource));
          }
        });
    return changes;
  }
}
