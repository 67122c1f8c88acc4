package dev.weir.e2e.cases;

import dev.weir.e2e.backend.Script;
import dev.weir.e2e.wire.Head;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Plays the pods of a Service: keeps what it receives and says what the case has it say. */
final class Recorder implements Script {
  /**
   * A request as a pod got it.
   *
   * @param body ISO 8859-1
   */
  record Request(Head head, String body) {
    int size() {
      return body.length();
    }
  }

  private final Map<String, CountDownLatch> gates;
  private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
  private final Map<ReplyForm, AtomicInteger> said = new ConcurrentHashMap<>();
  private volatile List<ReplyForm> replies;

  /**
   * @param gates by name; the map is shared and grows
   */
  Recorder(Map<String, CountDownLatch> gates, List<ReplyForm> replies) {
    this.gates = gates;
    this.replies = replies;
  }

  void say(List<ReplyForm> newReplies) {
    replies = newReplies;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void serve(Call call) throws IOException, InterruptedException {
    var reply = replyTo(call.head());
    if (reply != null && reply.unread()) {
      requests.add(new Request(call.head(), ""));
      await(reply.gate());
    }
    var body = call.body().readAllBytes();
    if (reply == null || !reply.unread()) {
      requests.add(new Request(call.head(), new String(body, StandardCharsets.ISO_8859_1)));
    }
    if (reply != null && !reply.gate().isEmpty()) {
      await(reply.gate());
    }
    if (reply == null || (reply.what().status() == 0 && reply.what().raw().isEmpty())) {
      if (reply == null || reply.end() != ReplyForm.End.DROP) {
        Script.echo()
            .serve(
                new Call(
                    call.backend(),
                    call.head(),
                    new ByteArrayInputStream(body),
                    call.socket(),
                    call.wire()));
      }
    } else if (reply.end() != ReplyForm.End.DROP) {
      write(call, reply.what());
    }
    if (reply != null) {
      switch (reply.end()) {
        case KEEP -> {}
        case CLOSE, DROP -> call.close();
        case CUT -> call.cut();
        case RESET -> call.reset();
      }
    }
  }

  private void await(String gate) throws InterruptedException {
    gates.computeIfAbsent(gate, name -> new CountDownLatch(1)).await();
  }

  private void write(Call call, ReplyForm.What what) throws IOException {
    if (!what.raw().isEmpty()) {
      call.write(what.raw().replace("\r\n", "\n").replace("\n", "\r\n"));
      return;
    }
    var body = what.bodySize() >= 0 ? "r".repeat(what.bodySize()) : what.body();
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean bodiless =
        call.head().method().equals("HEAD") || what.status() == 204 || what.status() == 304;
    var head = new StringBuilder("HTTP/1.1 ").append(what.status()).append(" Said\r\n");
    head.append("X-Backend: ").append(call.backend().name()).append("\r\n");
    head.append(call.tlsField());
    what.fields().forEach(field -> head.append(field).append("\r\n"));
    if (what.chunked()) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (what.status() != 204) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    call.write(head + "\r\n");
    if (bodiless) {
      return;
    }
    if (what.chunked()) {
      call.write(Integer.toHexString(bytes.length) + "\r\n");
      call.write(bytes);
      call.write(bytes.length == 0 ? "\r\n" : "\r\n0\r\n\r\n");
    } else {
      call.write(bytes);
    }
  }

  private @Nullable ReplyForm replyTo(Head head) {
    for (var reply : replies) {
      if (reply.when().fits(head)) {
        if (reply.times() < 0
            || said.computeIfAbsent(reply, r -> new AtomicInteger()).getAndIncrement()
                < reply.times()) {
          return reply;
        }
      }
    }
    return null;
  }
}
