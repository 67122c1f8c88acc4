package dev.weir.e2e.harness;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The program serving a folder: for each backend a Service of its name, and the host {@code
 * NAME.test} that leads to it.
 */
public final class Site implements AutoCloseable {
  private final ManifestFolder folder = ManifestFolder.withClass();
  private final List<Backend> backends;
  private final WeirProcess weir;

  private Site(List<String> jvmOptions, String manifests, List<Backend> backends, String... flags) {
    this.backends = backends;
    for (var backend : backends) {
      var name = backend.name();
      folder.write(
          name + ".yaml", Objects.service(backend) + Objects.ingress(name, name + ".test", name));
    }
    folder.write("more.yaml", manifests);
    var all = new ArrayList<>(List.of(flags));
    all.add("--manifests=" + folder.path());
    weir = WeirProcess.run(jvmOptions, all.toArray(String[]::new));
  }

  /** A site of these backends. */
  public static Site of(Backend... backends) {
    return new Site(List.of(), "", List.of(backends));
  }

  /** A site with further objects, and settings that {@code --configmap} names. */
  public static Site of(String settings, String manifests, Backend... backends) {
    return new Site(
        List.of(),
        manifests + Objects.configMap(settings),
        List.of(backends),
        "--configmap=default/weir");
  }

  /** The same, with JVM options. */
  public static Site of(
      List<String> jvmOptions, String settings, String manifests, Backend... backends) {
    return new Site(
        jvmOptions,
        manifests + Objects.configMap(settings),
        List.of(backends),
        "--configmap=default/weir");
  }

  public WeirProcess weir() {
    return weir;
  }

  /** One of the backends. */
  public Backend backend(String name) {
    return backends.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  public ManifestFolder folder() {
    return folder;
  }

  /** A connection to the plain port. */
  public Wire wire() throws IOException {
    return Wire.to(weir.http());
  }

  @Override
  public void close() {
    weir.close();
    backends.forEach(Backend::close);
    folder.close();
  }
}
