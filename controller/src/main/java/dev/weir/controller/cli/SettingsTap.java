package dev.weir.controller.cli;

import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.source.SourceBatch;
import dev.weir.controller.source.SourceBatch.Change;
import dev.weir.controller.source.SourceListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between source and controller and keeps the entries of the controller's own ConfigMap that
 * concern the process rather than the table: {@code bind-address} and {@code disable-ipv6}, read
 * once before listening, and {@code worker-shutdown-timeout}, read at the end.
 *
 * <p>Thread rule: any thread.
 */
final class SettingsTap {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsTap.class);
  private static final Duration DEFAULT_DRAIN = Duration.ofMinutes(4);

  private final Optional<ObjectKey> settings;
  private volatile Map<String, String> entries = Map.of();

  /**
   * @param settings {@code --configmap}
   */
  SettingsTap(Optional<ObjectKey> settings) {
    this.settings = settings;
  }

  /** What the source is to call so that this sees everything before {@code next} does. */
  SourceListener before(SourceListener next) {
    return new SourceListener() {
      @Override
      public void onBatch(SourceBatch batch) {
        settings.ifPresent(key -> batch.changes().forEach(change -> note(key, change)));
        next.onBatch(batch);
      }

      @Override
      public void onSynced() {
        next.onSynced();
      }
    };
  }

  /** {@code bind-address} and {@code disable-ipv6} as addresses to bind. */
  List<String> bindAddresses() {
    var wanted = entries.getOrDefault("bind-address", "");
    var parsed = wanted.isBlank() ? Optional.of(List.<String>of()) : BindAddresses.parse(wanted);
    if (parsed.isEmpty()) {
      LOG.warn(
          "bind-address: \"{}\" in the ConfigMap (expected: IP addresses separated by commas);"
              + " listening on all addresses",
          wanted);
    }
    return BindAddresses.choose(
        parsed.orElse(List.of()), entries.getOrDefault("disable-ipv6", "false").equals("true"));
  }

  /** {@code worker-shutdown-timeout}; 240 s if absent or not a duration. */
  Duration drainTime() {
    var text = entries.getOrDefault("worker-shutdown-timeout", "").strip();
    var withUnit = text.chars().allMatch(Character::isDigit) ? text + "s" : text;
    return GoDuration.accepts(withUnit) ? GoDuration.parse(withUnit) : DEFAULT_DRAIN;
  }

  private void note(ObjectKey key, Change change) {
    switch (change) {
      case Change.Put(var resource) -> note(key, resource);
      case Change.Remove(var removed) -> {
        if (removed.equals(key)) {
          entries = Map.of();
        }
      }
      case Change.Replace(var kind, var namespace, var resources) -> {
        if (kind == Kind.CONFIG_MAP && (namespace.isEmpty() || namespace.equals(key.namespace()))) {
          entries = Map.of();
          resources.forEach(resource -> note(key, resource));
        }
      }
    }
  }

  private void note(ObjectKey key, Resource resource) {
    if (resource instanceof ConfigMapResource map && map.key().equals(key)) {
      entries = map.data();
    }
  }
}
