package dev.weir.dataplane.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.model.PathMatch.Prefix;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitViewTest {
  @ParameterizedTest
  @CsvSource({
    "/public/..;/admin, true",
    "/public/..%2fadmin, true",
    "/public%2f..%5cadmin/x, true",
    "/x%2f..%2f..%2fetc, true",
    "/public/a%2fb/../..%2fadmin, true",
    "/public/admin%2fb/../x, false",
    "/public/a%2fb, false",
    "/public/a%5Cb, false",
    "/public;jsessionid=1/x, true",
    "/public/x;jsessionid=1, false",
    "/admin%2f, true",
    "/admin/x%2f..%2fy, false",
    "/other%2fthing;x, false",
  })
  void aTargetIsRefusedOnlyIfSomeServerSeesAnotherRoute(String target, boolean refused) {
    var host = Tables.host("h", new Prefix("/"), new Prefix("/public"), new Prefix("/admin"));
    var router =
        Router.<String>empty((pattern, route, previous) -> route.match().path())
            .with(Map.of(host.pattern(), host), Set.of());
    var routes = router.host("h");
    assertThat(routes).isNotNull();
    var path = (CanonicalPath.Ok) CanonicalPath.of(target);
    assertThat(path.ambiguous()).isTrue();
    assertThat(SplitView.exists(routes, routes.find(path.path()), target)).isEqualTo(refused);
  }
}
