package dev.weir.e2e.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts, paths and backends: one folder, many requests. Without a catch-all. */
@TestInstance(Lifecycle.PER_CLASS)
class RoutingTest {
  private static final String OLD = "2024-01-01T00:00:00Z";
  private static final String YOUNG = "2024-06-01T00:00:00Z";
  private static final String YOUNGEST = "2024-12-01T00:00:00Z";

  private final Map<String, Backend> backends = new LinkedHashMap<>();
  private final ManifestFolder folder = ManifestFolder.withClass();
  private final WeirProcess weir;

  RoutingTest() {
    for (var name : new String[] {"a", "b", "exact", "prefix", "other"}) {
      backends.put(name, Backend.echo(name));
    }
    backends
        .values()
        .forEach(backend -> folder.write(backend.name() + ".yaml", Objects.service(backend)));
    folder.write("without-endpoints.yaml", Objects.serviceAlone("empty"));
    folder.write("paths.yaml", paths() + sharedHosts());
    folder.write("hosts.yaml", hosts() + backends());
    folder.write("classes.yaml", classes());
    weir = WeirProcess.run("--manifests=" + folder.path());
  }

  @AfterAll
  void close() {
    weir.close();
    backends.values().forEach(Backend::close);
    folder.close();
  }

  private static String paths() {
    return Ingress.named("aaa").host("prefix.path").prefix("/aaa", "a").yaml()
        + Ingress.named("foo-exact").host("h.test").exact("/foo", "a").yaml()
        + Ingress.named("foo-prefix").host("p.test").prefix("/foo", "a").yaml()
        + Ingress.named("slash").host("slash.test").prefix("/foo/", "a").prefix("/", "b").yaml()
        + Ingress.named("slash-exact").host("slash-exact.test").exact("/foo/", "a").yaml()
        + Ingress.named("impl").host("impl.test").path("/foo", "ImplementationSpecific", "a").yaml()
        + Ingress.named("longest")
            .host("longest.test")
            .prefix("/", "a")
            .prefix("/x/y", "b")
            .prefix("/x", "other")
            .yaml()
        + Ingress.named("case").host("case.test").prefix("/Foo", "a").yaml()
        + Ingress.named("bad")
            .host("alias.test")
            .created(OLD)
            .prefix("/bla{alias /var/run/secrets/;}location ~* ^/abcd", "a")
            .yaml()
        + Ingress.named("good").host("alias.test").created(YOUNG).prefix("/xpto", "b").yaml()
        + Ingress.named("bucket").host("bucket.test").resourcePath("/").yaml();
  }

  private static String sharedHosts() {
    return Ingress.named("exact-exact")
            .host("exact.path")
            .exact("/exact", "exact")
            .created(OLD)
            .yaml()
        + Ingress.named("exact-prefix")
            .host("exact.path")
            .prefix("/exact", "prefix")
            .created(YOUNG)
            .yaml()
        + Ingress.named("exact-double")
            .host("exact.path")
            .prefix("/exact", "other")
            .created(YOUNGEST)
            .yaml()
        + Ingress.named("mixed").host("mixed.path").exact("/", "exact").prefix("/", "prefix").yaml()
        + Ingress.named("mixed-foo")
            .host("mixed.path")
            .exact("/foo", "a")
            .prefix("/foo", "b")
            .yaml()
        + Ingress.named("same-young")
            .host("same.test")
            .prefix("/", "b")
            .prefix("/only-young", "other")
            .created(YOUNG)
            .yaml()
        + Ingress.named("same-old").host("same.test").prefix("/", "a").created(OLD).yaml();
  }

  private static String hosts() {
    return Ingress.named("hosts")
            .host("a-host.test")
            .prefix("/foo", "a")
            .host("b-host.test")
            .prefix("/ping", "b")
            .yaml()
        + Ingress.named("wild")
            .host("*.foo.com")
            .prefix("/", "a")
            .host("exact.foo.com")
            .prefix("/", "exact")
            .yaml()
        + Ingress.named("only-backend").defaultBackend("a").bareHost("only-backend.test").yaml()
        + Ingress.named("own-default")
            .defaultBackend("b")
            .host("own-default.test")
            .prefix("/a", "a")
            .yaml();
  }

  private static String backends() {
    return Ingress.named("ports")
        .host("ports.test")
        .prefix("/name", "a:http")
        .prefix("/target", "a:8080")
        .prefix("/none", "a:81")
        .prefix("/missing", "nowhere")
        .prefix("/empty", "empty")
        .yaml();
  }

  private static String classes() {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: IngressClass
    metadata: {name: foreign}
    spec: {controller: example.com/other}
    """
        + Ingress.named("foreign").ofClass("foreign").host("foreign.test").prefix("/", "a").yaml()
        + Ingress.named("absent").ofClass("absent").host("absent.test").prefix("/", "a").yaml()
        + Ingress.named("none").ofClass("").host("none.test").prefix("/", "a").yaml()
        + Ingress.named("by-annotation")
            .ofClass("")
            .annotation("kubernetes.io/ingress.class", "nginx")
            .host("annotated.test")
            .prefix("/", "a")
            .yaml()
        + Ingress.named("other-annotation")
            .ofClass("")
            .annotation("kubernetes.io/ingress.class", "other")
            .host("other-annotated.test")
            .prefix("/", "a")
            .yaml()
        + Ingress.named("field-wins")
            .ofClass("foreign")
            .annotation("kubernetes.io/ingress.class", "nginx")
            .host("field-wins.test")
            .prefix("/", "a")
            .yaml();
  }

  @ParameterizedTest(name = "{0}: {1}{2} -> {3} {4}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          R04 prefix itself,                        prefix.path,      /aaa,          200, a
          R04 prefix and slash,                     prefix.path,      /aaa/,         200, a
          R04 prefix and element,                   prefix.path,      /aaa/cccc,     200, a
          R05 prefix ends inside an element,        prefix.path,      /aaacccc,      404, -
          R07 exact does not cover a suffix,        exact.path,       /exact/suffix, 200, prefix
          R07 exact before prefix,                  exact.path,       /exact,        200, exact
          R10 root exact is only the root,          mixed.path,       /bar,          200, prefix
          R10 root exact,                           mixed.path,       /,             200, exact
          R11 exact /foo,                           mixed.path,       /foo,          200, a
          R11 prefix /foo,                          mixed.path,       /foo/bar,      200, b
          R11 prefix /,                             mixed.path,       /foobar,       200, prefix
          R13 first host,                           a-host.test,      /foo,          200, a
          R13 second host,                          b-host.test,      /ping,         200, b
          R13 other path of the first,              a-host.test,      /bar,          404, -
          R13 the second's path on the first,       a-host.test,      /ping,         404, -
          R13 the first's path on the second,       b-host.test,      /foo,          404, -
          R13 other path of the second,             b-host.test,      /pong,         404, -
          R16 default backend with rules,           no-such.test,     /,             404, -
          R16 default backend of its own host,      only-backend.test, /x,           200, a
          4.6 default backend beside a path,        own-default.test, /z,            200, b
          R19 injected path drops its Ingress,      alias.test,       /bla,          404, -
          R19 injected location,                    alias.test,       /abcd/,        404, -
          R19 other Ingress of that host,           alias.test,       /xpto,         200, b
          R20 resource backend,                     bucket.test,      /,             404, -
          R22 exact is case-sensitive,              h.test,           /FOO,          404, -
          R22 exact without slash,                  h.test,           /foo/,         404, -
          R22 exact,                                h.test,           /foo,          200, a
          4.3 prefix is case-sensitive,             case.test,        /foo,          404, -
          R23 wildcard takes one label,             a.foo.com,        /,             200, a
          R23 wildcard takes not two,               a.b.foo.com,      /,             404, -
          R23 wildcard takes not none,              foo.com,          /,             404, -
          4.2 exact host before wildcard,           exact.foo.com,    /,             200, exact
          R25 host in capitals,                     H.TEST,           /foo,          200, a
          R25 host with dot,                        h.test.,          /foo,          200, a
          R25 host with port,                       h.test:8080,      /foo,          200, a
          R26 slashes are merged,                   p.test,           //foo,         200, a
          R26 dots are resolved,                    p.test,           /a/../foo,     200, a
          R26 percent is decoded,                   p.test,           /%66oo,        200, a
          4.3 query is not matched,                 p.test,           /foo?/bar,     200, a
          R28 oldest wins,                          same.test,        /,             200, a
          R28 the rest of the loser is used,        same.test,        /only-young,   200, other
          4.3 implementation-specific is prefix,    impl.test,        /foo/bar,      200, a
          4.3 implementation-specific by element,   impl.test,        /foobar,       404, -
          4.3 longest prefix of three,              longest.test,     /x/y/z,        200, b
          4.3 middle prefix,                        longest.test,     /x/yy,         200, other
          4.3 path with slash,                      slash.test,       /foo/x,        200, a
          4.3 beside the path with slash,           slash.test,       /foob,         200, b
          4.1 class of another controller,          foreign.test,     /,             404, -
          4.1 class that is not there,              absent.test,      /,             404, -
          4.1 no class,                             none.test,        /,             404, -
          4.1 class by annotation,                  annotated.test,   /,             200, a
          4.1 other class by annotation,            other-annotated.test, /,         404, -
          4.1 the field wins,                       field-wins.test,  /,             404, -
          4.6 port by name,                         ports.test,       /name,         200, a
          4.6 port by target,                       ports.test,       /target,       200, a
          4.6 port not found,                       ports.test,       /none,         503, -
          4.6 Service missing,                      ports.test,       /missing,      503, -
          4.6 no endpoints,                         ports.test,       /empty,        503, -
          R29 health of the catch-all host,         nobody.test,      /healthz,      200, -
          """)
  void goesWhereTheRulesSay(String rule, String host, String target, int status, String backend) {
    var reply = weir.get(host, target);

    assertThat(reply.status()).as(rule + "\n" + reply).isEqualTo(status);
    assertThat(reply.backend()).as(rule).isEqualTo(backend);
  }

  @ParameterizedTest
  @CsvSource({
    "slash.test, /foo, http://slash.test/foo/",
    "slash.test, /foo?a=b, http://slash.test/foo/?a=b",
    "slash-exact.test, /foo, http://slash-exact.test/foo/"
  })
  void aPathThatEndsInSlashRedirectsFromTheNameWithoutIt(
      String host, String target, String location) {
    var reply = weir.get(host, target);

    assertThat(reply.status()).isEqualTo(301);
    assertThat(reply.field("location")).isEqualTo(location);
  }

  @Test
  void theTargetIsForwardedAsItWasSent() {
    assertThat(weir.get("p.test", "//foo?x=%2F").echoed().target()).isEqualTo("//foo?x=%2F");
    assertThat(weir.get("p.test", "/%66oo").echoed().target()).isEqualTo("/%66oo");
    assertThat(weir.get("p.test", "/foo/%7Bx%7D").echoed().target()).isEqualTo("/foo/%7Bx%7D");
  }

  @Test
  void dotSegmentsAreForwardedResolved() {
    assertThat(weir.get("p.test", "/a/../foo").echoed().target()).isEqualTo("/foo");
  }

  @Test
  void theLoserOfAPathIsReported() {
    assertThat(weir.admin("/debug/routes").text())
        .contains("default/same-young")
        .contains("default/exact-double");
    assertThat(weir.log().lines("default/same-young")).isNotEmpty();
  }

  @Test
  void theAbsoluteFormNamesTheHost() throws IOException {
    try (var wire = Wire.to(weir.http())) {
      var reply = wire.send("GET http://h.test/foo HTTP/1.1\r\nHost: h.test\r\n\r\n").reply();

      assertThat(reply.backend()).isEqualTo("a");
      assertThat(reply.echoed().target()).isEqualTo("/foo");
    }
  }

  @Test
  void http11WithoutHostIs400() throws IOException {
    try (var wire = Wire.to(weir.http())) {
      assertThat(wire.send("GET / HTTP/1.1\r\n\r\n").reply().status()).isEqualTo(400);
    }
  }

  @Test
  void http10WithoutHostIsTheCatchAll() throws IOException {
    try (var wire = Wire.to(weir.http())) {
      assertThat(wire.send("GET / HTTP/1.0\r\n\r\n").reply().status()).isEqualTo(404);
    }
  }
}
