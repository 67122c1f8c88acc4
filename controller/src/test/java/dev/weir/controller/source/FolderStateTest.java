package dev.weir.controller.source;

import static dev.weir.controller.source.Folder.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.source.SourceBatch.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderStateTest {
  @TempDir Path temporary;

  private Path root;
  private Folder folder;
  private FolderState state;

  @BeforeEach
  void makeFolder() throws IOException {
    root = Files.createDirectory(temporary.resolve("manifests"));
    folder = new Folder(root);
    state = new FolderState(root);
  }

  private static List<String> texts(SourceBatch batch) {
    return batch.changes().stream()
        .map(
            change ->
                switch (change) {
                  case Change.Put put ->
                      "put "
                          + put.resource().key()
                          + " "
                          + put.resource().meta().labels().getOrDefault("v", "");
                  case Change.Remove remove -> "remove " + remove.key();
                  case Change.Replace replace -> "replace " + replace.kind();
                })
        .map(String::strip)
        .toList();
  }

  private static List<String> findings(SourceBatch batch) {
    return batch.findings().stream().map(Finding::text).toList();
  }

  /** Looks twice, as after a change that has come to rest. */
  private SourceBatch settled() {
    var first = state.poll();
    assertThat(first.batch()).isEmpty();
    assertThat(first.pending()).isTrue();
    var second = state.poll();
    assertThat(second.pending()).isFalse();
    return second.batch().orElseThrow();
  }

  private void assertQuiet() {
    assertThat(state.poll().batch()).isEmpty();
    assertThat(state.poll().pending()).isFalse();
  }

  @Test
  void everythingIsReadAtTheStart() throws IOException {
    folder
        .write("b.yaml", namespace("b", "1"))
        .write("sub/deeper/c.JSON", "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\",")
        .write("a.yml", namespace("a", "1"))
        .write("README.md", "not: read")
        .write(".hidden.yaml", namespace("hidden", "1"));

    var batch = state.first();

    assertThat(texts(batch)).containsExactly("put Namespace a 1", "put Namespace b 1");
    assertThat(findings(batch)).singleElement().asString().contains("sub/deeper/c.JSON:1:");
    assertQuiet();
  }

  @Test
  void filesThatChangeTogetherComeInOneBatch() throws IOException {
    folder.write("a.yaml", namespace("a", "1")).write("b.yaml", namespace("b", "1"));
    state.first();

    folder
        .write("a.yaml", namespace("a", "2"))
        .renameOver("b.yaml", namespace("b", "2"))
        .write("new/c.yaml", namespace("c", "1"));

    assertThat(texts(settled()))
        .containsExactly("put Namespace a 2", "put Namespace b 2", "put Namespace c 1");
    assertQuiet();
  }

  @Test
  void aFileThatIsBeingWrittenWaitsUntilItRests() throws IOException {
    folder.write("a.yaml", namespace("a", "1"));
    state.first();

    for (int i = 2; i < 10; i++) {
      folder.write("a.yaml", namespace("a", Integer.toString(i)));
      var outcome = state.poll();
      assertThat(outcome.batch()).isEmpty();
      assertThat(outcome.pending()).isTrue();
    }

    assertThat(texts(state.poll().batch().orElseThrow())).containsExactly("put Namespace a 9");
  }

  @Test
  void aFileThatNeverRestsDoesNotHoldUpTheOthersForEver() throws IOException {
    folder.write("a.yaml", namespace("a", "1")).write("busy.yaml", namespace("busy", "0"));
    state.first();
    folder.write("a.yaml", namespace("a", "2"));

    var outcome = state.poll();
    for (int i = 1; outcome.batch().isEmpty(); i++) {
      assertThat(i).isLessThanOrEqualTo(FolderState.PATIENCE);
      folder.write("busy.yaml", namespace("busy", Integer.toString(i)));
      outcome = state.poll();
    }

    assertThat(texts(outcome.batch().orElseThrow())).containsExactly("put Namespace a 2");
    assertThat(outcome.pending()).isTrue();
  }

  @Test
  void aBrokenFileKeepsItsLastGoodVersionAndARepairedOneCounts() throws IOException {
    folder.write("a.yaml", namespace("a", "1") + "---\n" + namespace("b", "1"));
    state.first();

    folder.write("a.yaml", namespace("a", "2") + "---\n{kind: [");
    var broken = settled();
    assertThat(texts(broken)).isEmpty();
    assertThat(findings(broken))
        .satisfiesExactly(
            error -> assertThat(error).startsWith("error file a.yaml a.yaml:3:9: expected"),
            kept -> assertThat(kept).contains("the objects of its last good version stay"));

    folder.write("a.yaml", namespace("a", "3") + "---\n{kind: Namespace, apiVersion: v1}");
    assertThat(texts(settled())).isEmpty();

    folder.write("a.yaml", namespace("a", "3"));
    var repaired = settled();
    assertThat(texts(repaired)).containsExactly("remove Namespace b", "put Namespace a 3");
    assertThat(findings(repaired)).isEmpty();
  }

  @Test
  void aFileThatIsBrokenFromTheStartGivesWhatCanBeRead() throws IOException {
    folder.write("a.yaml", namespace("a", "1") + "---\n{kind: [").write("b.yaml", "x: y: z");

    var batch = state.first();
    assertThat(texts(batch)).containsExactly("put Namespace a 1");
    assertThat(batch.findings()).hasSize(2);

    folder.write("a.yaml", namespace("a", "1") + "---\n" + namespace("b", "1"));
    assertThat(texts(settled())).containsExactly("put Namespace b 1");
  }

  @Test
  void aDeletedFileTakesItsObjectsAway() throws IOException {
    folder.write("a.yaml", namespace("a", "1")).write("b.yaml", namespace("b", "1"));
    state.first();

    folder.delete("a.yaml");

    assertThat(texts(settled())).containsExactly("remove Namespace a");
  }

  @Test
  void aSwappedLinkOfAMountedConfigMapIsNoticed() throws IOException {
    folder.mount("..2025_01", "a.yaml", namespace("a", "1"));
    assertThat(texts(state.first())).containsExactly("put Namespace a 1");

    folder.mount("..2025_02", "a.yaml", namespace("a", "2"));

    assertThat(texts(settled())).containsExactly("put Namespace a 2");
  }

  @Test
  void theFirstOfTwoEqualObjectsCountsAndTheOtherIsReported() throws IOException {
    folder.write("a.yaml", namespace("x", "a")).write("b.yaml", "\n" + namespace("x", "b"));

    var batch = state.first();
    assertThat(texts(batch)).containsExactly("put Namespace x a");
    assertThat(findings(batch))
        .containsExactly(
            "warning Namespace x b.yaml:2:1: is ignored: the same object stands at a.yaml:1:1,"
                + " which counts (remove one of them)");

    folder.delete("a.yaml");
    var then = settled();
    assertThat(texts(then)).containsExactly("put Namespace x b");
    assertThat(findings(then)).isEmpty();
  }

  @Test
  void theFolderMayVanishAndComeBack() throws IOException {
    folder.write("a.yaml", namespace("a", "1"));
    state.first();
    var away = temporary.resolve("away");
    Files.move(root, away);

    var gone = state.poll().batch().orElseThrow();
    assertThat(gone.changes()).isEmpty();
    assertThat(findings(gone)).singleElement().asString().contains("the folder can't be read");
    assertThat(state.poll().batch()).isEmpty();

    Files.move(away, root);
    var back = state.poll().batch().orElseThrow();
    assertThat(back.changes()).isEmpty();
    assertThat(back.findings()).isEmpty();
  }

  @Test
  void aLinkToTheFolderAboveEndsTheWalk() throws IOException {
    folder.write("sub/a.yaml", namespace("a", "1"));
    Files.createSymbolicLink(root.resolve("sub/up"), root);

    assertThat(texts(state.first())).containsExactly("put Namespace a 1");
  }

  @Test
  void aFileThatCannotBeReadIsReported() throws IOException {
    folder.write("a.yaml", namespace("a", "1"));
    var file = root.resolve("locked.yaml");
    Files.writeString(file, namespace("locked", "1"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    // Permissions don't bind root.
    boolean root = Files.isReadable(file);

    var batch = state.first();

    assertThat(texts(batch)).contains("put Namespace a 1").hasSize(root ? 2 : 1);
    assertThat(batch.findings()).hasSize(root ? 0 : 1);
  }

  @Test
  void anEmptyFolderIsPointedOut() throws IOException {
    assertThat(findings(state.first())).singleElement().asString().contains("no .yaml, .yml");

    folder.write("a.yaml", namespace("a", "1"));
    assertThat(settled().findings()).isEmpty();
  }

  @Test
  void slicesGoBeforeEndpointsAndBothBeforeTheAnnotation() throws IOException {
    var service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, annotations: {weir.dev/endpoints: "127.0.0.1:9001"}}
        spec: {ports: [{port: 80}]}
        """;
    var endpoints =
        """
        apiVersion: v1
        kind: Endpoints
        metadata: {name: web}
        subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
        """;
    var slice =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{port: 80}]
        endpoints: [{addresses: [10.0.0.2]}]
        """;
    folder.write("service.yaml", service);
    assertThat(ips(state.first())).containsExactly("127.0.0.1");

    folder.write("endpoints.yaml", endpoints);
    var then = settled();
    assertThat(ips(then)).containsExactly("10.0.0.1");
    assertThat(texts(then)).contains("remove EndpointSlice default/web.weir.dev");
    assertThat(findings(then)).singleElement().asString().contains("has no effect");

    folder.write("slice.yaml", slice);
    assertThat(ips(settled())).containsExactly("10.0.0.2");
  }

  private static List<String> ips(SourceBatch batch) {
    return batch.changes().stream()
        .filter(Change.Put.class::isInstance)
        .map(change -> ((Change.Put) change).resource())
        .filter(EndpointsResource.class::isInstance)
        .flatMap(resource -> ((EndpointsResource) resource).groups().stream())
        .flatMap(group -> group.addresses().stream())
        .map(EndpointsResource.Address::ip)
        .toList();
  }
}
