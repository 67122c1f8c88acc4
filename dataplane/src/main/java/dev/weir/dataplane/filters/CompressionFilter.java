package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.BodyFilter;
import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.http.AcceptEncoding;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.Compression;
import org.jspecify.annotations.Nullable;

/**
 * Compresses replies of upstreams as nginx does (ingress-nginx.md 4.11): 200, 403 and 404 of the
 * listed types that aren't encoded already, for clients of HTTP/1.1 and later that take it. Caches
 * are told that the reply depends on {@code Accept-Encoding} whatever this client gets. Pages of
 * our own are too short to be worth it.
 */
final class CompressionFilter implements BodyFilter {
  private final @Nullable CompressibleReplies gzip;
  private final @Nullable CompressibleReplies brotli;
  private final PlainAgents plainAgents;
  private final CompressionMemory memory;

  CompressionFilter(Compression settings, FilterServices services) {
    memory = services.shared().of(CompressionMemory.class, CompressionMemory::new);
    var byGzip = settings.gzip();
    gzip =
        byGzip == null
            ? null
            : CompressibleReplies.of(byGzip.level(), byGzip.minLength(), byGzip.types());
    plainAgents = PlainAgents.of(byGzip == null ? "" : byGzip.disabledFor());
    var byBrotli = settings.brotli();
    brotli =
        byBrotli == null
                || !services.shared().of(BrotliLibrary.class, BrotliLibrary::load).available()
            ? null
            : CompressibleReplies.of(byBrotli.level(), byBrotli.minLength(), byBrotli.types());
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.BACKEND;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    // Pages of our own come here, too; upstreams' replies are looked at by transform.
  }

  @Override
  public @Nullable BodyTransform transform(
      FilterRequest request, ReplyHead reply, HeadEdits edits) {
    var type = reply.fields().first("content-type");
    if (type == null || !CompressedFields.mayCompress(request.head(), reply)) {
      return null;
    }
    long length = CompressedFields.length(request.head(), reply);
    var byGzip = gzip != null && gzip.include(type, length) ? gzip : null;
    var byBrotli = brotli != null && brotli.include(type, length) ? brotli : null;
    if (byGzip == null && byBrotli == null) {
      return null;
    }
    CompressedFields.vary(reply, edits);
    if (request.head().version() == HttpVersion.HTTP_1_0) {
      return null;
    }
    var wanted = AcceptEncoding.of(request.head().fields().all("accept-encoding"));
    int brotliWeight = byBrotli == null ? 0 : wanted.brotli();
    int gzipWeight = byGzip == null ? 0 : wanted.gzip();
    if (byBrotli != null && wins(brotliWeight, gzipWeight, wanted)) {
      var share = memory.takeAsLuxury(BrotliTransform.memory(byBrotli.level()));
      if (share != null) {
        return encoded("br", reply, edits, new BrotliTransform(byBrotli.level(), share));
      }
    }
    if (byGzip != null && wins(gzipWeight, 0, wanted) && !plainAgents.include(request.head())) {
      var share = memory.take(GzipTransform.MEMORY);
      return share == null
          ? null
          : encoded("gzip", reply, edits, new GzipTransform(byGzip.level(), share));
    }
    return null;
  }

  private static boolean wins(int weight, int other, AcceptEncoding wanted) {
    return weight > 0 && weight >= other && weight >= wanted.identity();
  }

  private static BodyTransform encoded(
      String coding, ReplyHead reply, HeadEdits edits, BodyTransform transform) {
    CompressedFields.edit(coding, reply, edits);
    return transform;
  }
}
