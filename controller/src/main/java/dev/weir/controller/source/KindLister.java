package dev.weir.controller.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists one kind in pages, in the best version that the server offers. Where that may not be read,
 * another resource of the same kind stands in, if it may.
 *
 * <p>A list that breaks off (a busy server, a lost connection) goes on with the page that is
 * missing: begun anew each time, one of many pages would never end. One that takes so long that the
 * server forgets its version is read in one piece the next time, as Kubernetes' own clients do.
 *
 * <p>Owned by the watch's thread.
 */
final class KindLister {
  private static final int PAGE = 500;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;
  private static final int TOO_MANY = 429;

  /** API servers forget versions after five minutes; no need to keep the objects for longer. */
  private static final long KEPT = Duration.ofMinutes(2).toNanos();

  private final WatchedKind kind;
  private final String namespace;
  private final WatchServices services;
  private final Answers answers;
  private WatchedKind.@Nullable Version version;
  private @Nullable StandIn standIn;
  private @Nullable Pages begun;
  private boolean inOnePiece;

  KindLister(WatchedKind kind, String namespace, WatchServices services, Answers answers) {
    this.kind = kind;
    this.namespace = namespace;
    this.services = services;
    this.answers = answers;
  }

  /** A complete list. */
  record Listed(String version, List<Resource> resources, Map<ObjectKey, List<Finding>> findings) {}

  /** What may not be read, and why not. */
  record StandIn(WatchedKind.Version refused, ApiFailure failure) {}

  /** In whose place the version in use stands; null if it is the best one. */
  @Nullable StandIn standIn() {
    return standIn;
  }

  /** The version in use; the best one before any is. */
  WatchedKind.Version version() {
    return version == null ? kind.versions().getFirst() : version;
  }

  /** The server no longer has that version: look again the next time. */
  void forgetVersion() {
    version = null;
    standIn = null;
  }

  /** Lists all objects of one moment. */
  Listed list() throws IOException, InterruptedException {
    var type = version == null ? discover() : version;
    version = type;
    try {
      return list(type);
    } catch (ApiFailure e) {
      var other = other(type);
      if (e.code() != FORBIDDEN || other == null) {
        throw e;
      }
      try {
        var listed = list(other);
        version = other;
        standIn = new StandIn(type, e);
        return listed;
      } catch (ApiFailure second) {
        throw second.code() == FORBIDDEN ? e : second;
      }
    }
  }

  /** The last resource of the kind, unless it is this one. */
  private WatchedKind.@Nullable Version other(WatchedKind.Version type) {
    var last = kind.versions().getLast();
    return last.resource().equals(type.resource()) ? null : last;
  }

  /** Whether what another stands in for may be read now. */
  boolean mayReadAgain() throws InterruptedException {
    var missing = standIn;
    if (missing == null) {
      return false;
    }
    try {
      return answers.read(
          missing.refused().path(namespace) + "?limit=1",
          services.timing().answer(),
          (body, guard) -> true);
    } catch (IOException e) {
      return false;
    }
  }

  private Listed list(WatchedKind.Version type) throws IOException, InterruptedException {
    var pages = begun(type);
    begun = null;
    boolean whole = inOnePiece;
    inOnePiece = false;
    try {
      do {
        pages.read(whole && pages.next.isEmpty() ? 0 : PAGE);
      } while (!pages.next.isEmpty());
    } catch (ApiFailure e) {
      inOnePiece = e.code() == GONE && !pages.next.isEmpty();
      begun = mayGoOn(e) ? pages : null;
      throw e;
    } catch (JsonProcessingException e) {
      begun = pages; // cut in the middle, as some proxies do
      throw e;
    }
    if (pages.version.isEmpty()) {
      throw ApiFailure.malformed("a list without resourceVersion");
    }
    return new Listed(pages.version, pages.resources, pages.findings);
  }

  private Pages begun(WatchedKind.Version type) {
    var pages = begun;
    return pages != null && pages.type.equals(type) && System.nanoTime() - pages.at < KEPT
        ? pages
        : new Pages(type);
  }

  private static boolean mayGoOn(ApiFailure failure) {
    return failure.code() == ApiFailure.NO_ANSWER
        || failure.code() == TOO_MANY
        || failure.code() >= 500;
  }

  /** The pages of a list that were read whole so far. */
  private final class Pages {
    private final WatchedKind.Version type;
    private final List<Resource> resources = new ArrayList<>();
    private final Map<ObjectKey, List<Finding>> findings = new HashMap<>();
    private String next = "";
    private String version = "";
    private long at = System.nanoTime();

    private Pages(WatchedKind.Version type) {
      this.type = type;
    }

    /**
     * Reads the next one.
     *
     * @param limit the most objects; 0 for all
     */
    private void read(int limit) throws IOException, InterruptedException {
      var items = new ArrayList<ObjectReader.Item>();
      var page = page(type, next, limit, items::add);
      for (var item : items) {
        item.parsed().resource().ifPresent(resources::add);
        if (!item.parsed().findings().isEmpty()) {
          findings.put(item.key(), item.parsed().findings());
        }
      }
      next = page.next();
      version = page.version();
      at = System.nanoTime();
    }
  }

  private ObjectReader.Page page(
      WatchedKind.Version type, String token, int limit, Consumer<ObjectReader.Item> items)
      throws IOException, InterruptedException {
    var path = type.path(namespace) + "?limit=" + limit + kind.selector();
    if (!token.isEmpty()) {
      path += "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }
    return answers.read(
        path,
        services.timing().answer(),
        (body, guard) -> {
          services.gate().answered();
          return services
              .reader()
              .page(
                  body,
                  type,
                  kind.kind(),
                  item -> {
                    guard.touch();
                    items.accept(item);
                  });
        });
  }

  /** The first version that the server has; one whose document we may not read counts as one. */
  private WatchedKind.Version discover() throws IOException, InterruptedException {
    for (var candidate : kind.versions()) {
      if (candidate.core() || offered(candidate)) {
        return candidate;
      }
    }
    var versions = kind.versions().stream().map(WatchedKind.Version::groupVersion).toList();
    throw new ApiFailure(
        ApiFailure.NOT_OFFERED,
        "the API server offers none in " + String.join(", ", versions),
        Duration.ZERO);
  }

  private boolean offered(WatchedKind.Version candidate) throws IOException, InterruptedException {
    try {
      return answers.read(
          candidate.documentPath(),
          services.timing().answer(),
          (body, guard) -> services.reader().lists(body, candidate.resource()));
    } catch (ApiFailure e) {
      return switch (e.code()) {
        case NOT_FOUND -> false;
        case FORBIDDEN -> true;
        default -> throw e;
      };
    }
  }
}
