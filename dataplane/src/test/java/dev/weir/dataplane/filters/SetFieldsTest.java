package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.SetField;
import dev.weir.dataplane.model.SetReplyFields;
import dev.weir.dataplane.model.SetRequestFields;
import dev.weir.dataplane.model.Timeouts;
import java.lang.reflect.InvocationHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that are set have a character for each byte, whatever the route's path is. */
class SetFieldsTest {
  private final HeadEdits edits = new HeadEdits();

  private FilterRequest request(String path) {
    var route =
        new Route(
            new PathMatch.Prefix(path),
            RouteAction.Respond.notFound(),
            new RouteOrigin("default", "main", "web", "80", path),
            List.of(),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    return Stub.of(
        FilterRequest.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "route" -> route;
              case "edits" -> edits;
              default -> InvocationHandler.invokeDefault(proxy, method, arguments);
            });
  }

  private static void check(HeadEdits.Edit edit, String path) {
    var value = String.valueOf(edit.value());
    assertThat(value.chars()).allMatch(c -> c <= 0xff);
    assertThat(new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .isEqualTo("caf\u00e9 " + path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/shop", "/caf\u00e9", "/caf\u00e9/\u65e5\u672c", "/\ud83c\udf0a"})
  void theLocationsPathIsUtf8(String path) {
    new SetRequestFieldsFilter(
            new SetRequestFields(List.of(SetField.ofRequest("x-at", "caf\u00e9 $location_path"))))
        .onRequest(request(path));
    check(edits.insisted().getFirst(), path);

    new SetReplyFieldsFilter(
            new SetReplyFields(
                List.of(SetField.ofReply("x-at", "caf\u00e9 $location_path")), false))
        .onReply(request(path), Stub.of(ReplyHead.class, (_, _, _) -> 0), edits);
    check(edits.edits().getFirst(), path);
  }
}
