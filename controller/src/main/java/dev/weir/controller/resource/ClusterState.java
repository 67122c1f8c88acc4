package dev.weir.controller.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything watched, at one moment, with the indexes that translation asks for.
 *
 * <p>{@link #put} and {@link #remove} answer which {@link Dependency dependencies} changed by it:
 * the questions of {@link ClusterView} whose answers may now be different.
 *
 * <p>Changed by the controller thread only. The questions of {@link ClusterView} may be asked on
 * any thread and never wait: each answer is of one moment, two answers may be of different ones.
 */
public final class ClusterState implements ClusterView {
  /** Oldest first; within a second namespace/name descending, as ingress-nginx orders. */
  public static final Comparator<IngressResource> OLDEST_FIRST =
      Comparator.comparing((IngressResource ingress) -> ingress.meta().created())
          .thenComparing(ingress -> ingress.key().namespace(), Comparator.reverseOrder())
          .thenComparing(ingress -> ingress.key().name(), Comparator.reverseOrder());

  private static final Comparator<EndpointsResource> BY_NAME =
      Comparator.comparing(endpoints -> endpoints.key().name());

  private final Map<ObjectKey, Resource> objects = new ConcurrentHashMap<>();
  // The lists are immutable and sorted; a change puts another list in the place of one.
  private final Map<String, List<IngressResource>> ingressesByHost = new ConcurrentHashMap<>();
  private final Map<String, List<IngressResource>> ingressesBesides = new ConcurrentHashMap<>();
  private final Map<ServiceName, List<EndpointsResource>> endpointsByService =
      new ConcurrentHashMap<>();
  private final @Nullable ObjectKey settingsKey;

  private record ServiceName(String namespace, String name) {}

  /**
   * @param settings the controller's own ConfigMap ({@code --configmap}), if there is one
   */
  public ClusterState(@Nullable ObjectKey settings) {
    this.settingsKey = settings;
  }

  /** Adds or replaces an object; answers what changed (nothing if it equals what is known). */
  public Set<Dependency> put(Resource resource) {
    var before = objects.get(resource.key());
    if (resource.equals(before)) {
      return Set.of(); // and the record stays, which others may share or remember things by
    }
    objects.put(resource.key(), resource);
    var changes = changed(before, resource);
    // A controller writes the status of every Ingress: that must not compile every host again.
    return before instanceof IngressResource old
            && resource instanceof IngressResource now
            && now.asksTheSame(old)
        ? Set.of(new Dependency.OnObject(resource.key()))
        : changes;
  }

  /** Removes an object; answers what changed (nothing if it isn't known). */
  public Set<Dependency> remove(ObjectKey key) {
    var before = objects.remove(key);
    return before == null ? Set.of() : changed(before, null);
  }

  /** The keys of all known objects of a kind, in no order; a copy. */
  public Set<ObjectKey> keys(Kind kind) {
    var keys = new HashSet<ObjectKey>();
    for (var key : objects.keySet()) {
      if (key.kind() == kind) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** The object of that name, if known. */
  public @Nullable Resource get(ObjectKey key) {
    return objects.get(key);
  }

  /** Every host that some Ingress names or may make ({@code ""} included); a copy in no order. */
  public Set<String> hosts() {
    var hosts = new HashSet<>(ingressesByHost.keySet());
    hosts.addAll(ingressesBesides.keySet());
    return hosts;
  }

  /** The hosts that an Ingress names, {@code ""} for rules without host and default backends. */
  public static Set<String> hostsOf(IngressResource ingress) {
    var hosts = new LinkedHashSet<String>();
    for (var rule : ingress.rules()) {
      hosts.add(rule.host());
    }
    if (ingress.defaultBackend().isPresent()) {
      hosts.add("");
    }
    return hosts;
  }

  /** The hosts that an Ingress may make without naming them in a rule: aliases and twins. */
  public static Set<String> otherHostsOf(IngressResource ingress) {
    return OtherNames.of(ingress);
  }

  private Set<Dependency> changed(@Nullable Resource before, @Nullable Resource after) {
    var changes = new HashSet<Dependency>();
    var key = Objects.requireNonNull(after != null ? after : before).key();
    changes.add(new Dependency.OnObject(key));
    if (before instanceof IngressResource || after instanceof IngressResource) {
      var old = before instanceof IngressResource ingress ? ingress : null;
      var now = after instanceof IngressResource ingress ? ingress : null;
      reindex(ingressesByHost, ClusterState::hostsOf, old, now).stream()
          .map(Dependency.OnHost::new)
          .forEach(changes::add);
      reindex(ingressesBesides, OtherNames::of, old, now).stream()
          .map(Dependency.OnHost::new)
          .forEach(changes::add);
    }
    if (before instanceof EndpointsResource || after instanceof EndpointsResource) {
      var old = before instanceof EndpointsResource endpoints ? endpoints : null;
      var now = after instanceof EndpointsResource endpoints ? endpoints : null;
      reindexEndpoints(old, now).stream()
          .map(name -> new Dependency.OnEndpoints(name.namespace, name.name))
          .forEach(changes::add);
    }
    if (key.equals(settingsKey)) {
      changes.addAll(changedSettings(before, after));
    }
    return changes;
  }

  /** Each list changes once, so that no reader misses an Ingress that was there and stays. */
  private static Set<String> reindex(
      Map<String, List<IngressResource>> byHost,
      Function<IngressResource, Set<String>> hosts,
      @Nullable IngressResource before,
      @Nullable IngressResource after) {
    var left = before == null ? Set.<String>of() : hosts.apply(before);
    var taken = after == null ? Set.<String>of() : hosts.apply(after);
    var all = new LinkedHashSet<>(left);
    all.addAll(taken);
    for (var host : all) {
      byHost.compute(
          host,
          (h, list) -> replaced(list, before, taken.contains(host) ? after : null, OLDEST_FIRST));
    }
    return all;
  }

  private Set<ServiceName> reindexEndpoints(
      @Nullable EndpointsResource before, @Nullable EndpointsResource after) {
    var all = new LinkedHashSet<ServiceName>();
    if (before != null) {
      all.add(serviceOf(before));
    }
    if (after != null) {
      all.add(serviceOf(after));
    }
    for (var service : all) {
      var now = after != null && service.equals(serviceOf(after)) ? after : null;
      endpointsByService.compute(service, (s, list) -> replaced(list, before, now, BY_NAME));
    }
    return all;
  }

  /** The sorted list without one and with another element; null if nothing is left. */
  private static <T extends Resource> @Nullable List<T> replaced(
      @Nullable List<T> list, @Nullable T gone, @Nullable T added, Comparator<T> order) {
    var changed = new ArrayList<T>(list == null ? List.of() : list);
    if (gone != null) {
      changed.removeIf(element -> element.key().equals(gone.key()));
    }
    if (added != null) {
      int place = Collections.binarySearch(changed, added, order);
      changed.add(place < 0 ? -place - 1 : place, added);
    }
    return changed.isEmpty() ? null : List.copyOf(changed);
  }

  private static ServiceName serviceOf(EndpointsResource endpoints) {
    return new ServiceName(endpoints.key().namespace(), endpoints.service());
  }

  private static Set<Dependency> changedSettings(
      @Nullable Resource before, @Nullable Resource after) {
    var old = before instanceof ConfigMapResource map ? map.data() : Map.<String, String>of();
    var now = after instanceof ConfigMapResource map ? map.data() : Map.<String, String>of();
    var names = new TreeMap<>(old);
    names.putAll(now);
    var changes = new HashSet<Dependency>();
    for (var name : names.keySet()) {
      if (!Objects.equals(old.get(name), now.get(name))) {
        changes.add(new Dependency.OnSetting(name));
      }
    }
    return changes;
  }

  @Override
  public List<IngressResource> ingressesOf(String host) {
    return ingressesByHost.getOrDefault(host, List.of());
  }

  @Override
  public List<IngressResource> ingressesBesides(String host) {
    return ingressesBesides.getOrDefault(host, List.of());
  }

  @Override
  public @Nullable IngressClassResource ingressClass(String name) {
    return objects.get(new ObjectKey(Kind.INGRESS_CLASS, "", name))
            instanceof IngressClassResource found
        ? found
        : null;
  }

  @Override
  public @Nullable ServiceResource service(String namespace, String name) {
    return objects.get(new ObjectKey(Kind.SERVICE, namespace, name))
            instanceof ServiceResource found
        ? found
        : null;
  }

  @Override
  public List<EndpointsResource> endpointsOf(String namespace, String service) {
    return endpointsByService.getOrDefault(new ServiceName(namespace, service), List.of());
  }

  @Override
  public @Nullable SecretResource secret(String namespace, String name) {
    return objects.get(new ObjectKey(Kind.SECRET, namespace, name)) instanceof SecretResource found
        ? found
        : null;
  }

  @Override
  public @Nullable ConfigMapResource configMap(String namespace, String name) {
    return objects.get(new ObjectKey(Kind.CONFIG_MAP, namespace, name))
            instanceof ConfigMapResource found
        ? found
        : null;
  }

  @Override
  public @Nullable NamespaceResource namespace(String name) {
    return objects.get(new ObjectKey(Kind.NAMESPACE, "", name)) instanceof NamespaceResource found
        ? found
        : null;
  }

  @Override
  public @Nullable String setting(String key) {
    return settingsKey != null && objects.get(settingsKey) instanceof ConfigMapResource map
        ? map.data().get(key)
        : null;
  }
}
