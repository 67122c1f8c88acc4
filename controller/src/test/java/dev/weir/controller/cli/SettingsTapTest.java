package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.source.SourceBatch;
import dev.weir.controller.source.SourceBatch.Change;
import dev.weir.controller.source.SourceListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTapTest {
  private static final ObjectKey KEY = new ObjectKey(Kind.CONFIG_MAP, "weir", "weir");

  private final List<String> passedOn = new ArrayList<>();
  private final SettingsTap tap = new SettingsTap(Optional.of(KEY));
  private final SourceListener listener =
      tap.before(
          new SourceListener() {
            @Override
            public void onBatch(SourceBatch batch) {
              passedOn.add("batch");
            }

            @Override
            public void onSynced() {
              passedOn.add("synced");
            }
          });

  @ParameterizedTest
  @CsvSource({"10s, PT10S", "5m, PT5M", "30, PT30S", "soon, PT4M", "'', PT4M"})
  void theTimeToDrainIsReadFromTheConfigMap(String text, Duration expected) {
    deliver(new Change.Put(configMap(KEY, Map.of("worker-shutdown-timeout", text))));
    assertThat(tap.drainTime()).isEqualTo(expected);
  }

  @Test
  void addressesAreReadFromTheConfigMap() {
    deliver(new Change.Put(configMap(KEY, Map.of("bind-address", "127.0.0.1,::1"))));
    assertThat(tap.bindAddresses()).containsExactly("127.0.0.1", "::1");
    deliver(
        new Change.Put(
            configMap(KEY, Map.of("bind-address", "127.0.0.1,::1", "disable-ipv6", "true"))));
    assertThat(tap.bindAddresses()).containsExactly("127.0.0.1");
  }

  @Test
  void aNewListWithoutTheConfigMapForgetsIt() {
    deliver(new Change.Put(configMap(KEY, Map.of("worker-shutdown-timeout", "1s"))));
    deliver(new Change.Replace(Kind.CONFIG_MAP, "other", List.of()));
    assertThat(tap.drainTime()).isEqualTo(Duration.ofSeconds(1));
    deliver(new Change.Replace(Kind.CONFIG_MAP, "", List.of()));
    assertThat(tap.drainTime()).isEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void otherConfigMapsDoNotMatterAndEverythingIsPassedOn() {
    var other = new ObjectKey(Kind.CONFIG_MAP, "weir", "other");
    deliver(new Change.Put(configMap(other, Map.of("worker-shutdown-timeout", "1s"))));
    listener.onSynced();
    assertThat(tap.drainTime()).isEqualTo(Duration.ofMinutes(4));
    assertThat(passedOn).containsExactly("batch", "synced");
  }

  private void deliver(Change change) {
    listener.onBatch(new SourceBatch(List.of(change), "test", List.of()));
  }

  private static ConfigMapResource configMap(ObjectKey key, Map<String, String> data) {
    var meta = new Meta(new ObjectRef(key, ""), Instant.EPOCH, "", false, Map.of(), Map.of());
    return new ConfigMapResource(meta, data);
  }
}
