package dev.weir.controller.resource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything watched, at one moment, with the indexes that translation asks for.
 *
 * <p>{@link #put} and {@link #remove} answer which {@link Dependency dependencies} changed by it:
 * the questions of {@link ClusterView} whose answers may now be different.
 *
 * <p>Owned by the controller thread.
 */
public final class ClusterState implements ClusterView {
  /** Oldest first; within a second namespace/name descending, as ingress-nginx orders. */
  public static final Comparator<IngressResource> OLDEST_FIRST =
      Comparator.comparing((IngressResource ingress) -> ingress.meta().created())
          .thenComparing(ingress -> ingress.key().namespace(), Comparator.reverseOrder())
          .thenComparing(ingress -> ingress.key().name(), Comparator.reverseOrder());

  private static final Comparator<EndpointsResource> BY_NAME =
      Comparator.comparing(endpoints -> endpoints.key().name());

  private final Map<ObjectKey, Resource> objects = new HashMap<>();
  private final Map<String, SortedSet<IngressResource>> ingressesByHost = new HashMap<>();
  private final Map<String, SortedSet<IngressResource>> ingressesBesides = new HashMap<>();
  private final Map<ServiceName, TreeSet<EndpointsResource>> endpointsByService = new HashMap<>();
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

  private Set<Dependency> changed(@Nullable Resource before, @Nullable Resource after) {
    var changes = new HashSet<Dependency>();
    var key = Objects.requireNonNull(after != null ? after : before).key();
    changes.add(new Dependency.OnObject(key));
    if (before instanceof IngressResource ingress) {
      hostsOf(ingress).forEach(host -> changes.add(unindex(ingressesByHost, host, ingress)));
      OtherNames.of(ingress).forEach(host -> changes.add(unindex(ingressesBesides, host, ingress)));
    }
    if (after instanceof IngressResource ingress) {
      hostsOf(ingress).forEach(host -> changes.add(index(ingressesByHost, host, ingress)));
      OtherNames.of(ingress).forEach(host -> changes.add(index(ingressesBesides, host, ingress)));
    }
    if (before instanceof EndpointsResource endpoints) {
      changes.add(unindex(endpoints));
    }
    if (after instanceof EndpointsResource endpoints) {
      changes.add(index(endpoints));
    }
    if (key.equals(settingsKey)) {
      changes.addAll(changedSettings(before, after));
    }
    return changes;
  }

  private static Dependency index(
      Map<String, SortedSet<IngressResource>> byHost, String host, IngressResource ingress) {
    byHost.computeIfAbsent(host, h -> new TreeSet<>(OLDEST_FIRST)).add(ingress);
    return new Dependency.OnHost(host);
  }

  private static Dependency unindex(
      Map<String, SortedSet<IngressResource>> byHost, String host, IngressResource ingress) {
    byHost.computeIfPresent(
        host,
        (h, ingresses) -> {
          ingresses.remove(ingress);
          return ingresses.isEmpty() ? null : ingresses;
        });
    return new Dependency.OnHost(host);
  }

  private Dependency index(EndpointsResource endpoints) {
    endpointsByService
        .computeIfAbsent(serviceOf(endpoints), s -> new TreeSet<>(BY_NAME))
        .add(endpoints);
    return new Dependency.OnEndpoints(endpoints.key().namespace(), endpoints.service());
  }

  private Dependency unindex(EndpointsResource endpoints) {
    endpointsByService.computeIfPresent(
        serviceOf(endpoints),
        (s, slices) -> {
          slices.remove(endpoints);
          return slices.isEmpty() ? null : slices;
        });
    return new Dependency.OnEndpoints(endpoints.key().namespace(), endpoints.service());
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
    var ingresses = ingressesByHost.get(host);
    return ingresses == null ? List.of() : new ArrayList<>(ingresses);
  }

  @Override
  public List<IngressResource> ingressesBesides(String host) {
    var ingresses = ingressesBesides.get(host);
    return ingresses == null ? List.of() : new ArrayList<>(ingresses);
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
    var endpoints = endpointsByService.get(new ServiceName(namespace, service));
    return endpoints == null ? List.of() : new ArrayList<>(endpoints);
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
