package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.Client;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.ReplyRate;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.Template;
import org.jspecify.annotations.Nullable;

/** A request as filters see it; valid on the exchange's loop until the exchange ends. */
public interface FilterRequest {
  RequestHead head();

  /** Changes of what goes upstream. */
  HeadEdits edits();

  Route route();

  /** Settings of the table that this request is served by. */
  ProxySettings settings();

  /** How it goes. */
  RequestFacts record();

  /** Whom the request comes from. */
  Client from();

  /** Host and port that the client asked for, as written; not always where it was routed. */
  default String authority() {
    return from().authority(head());
  }

  /** The same lower-case without port. */
  default String host() {
    return from().host(head());
  }

  /** The {@link #authority}, without a String being made where that can be avoided. */
  default CharSequence authorityText() {
    return from().authorityText(head());
  }

  /** The {@link #host}, without a String being made where that can be avoided. */
  default CharSequence hostText() {
    return from().hostText(head());
  }

  /**
   * {@code http} or {@code https}; where a trusted proxy in front of us said another word, that.
   */
  default String scheme() {
    return from().scheme();
  }

  /** Whether the connection to us is encrypted, whatever {@link #scheme} says. */
  default boolean tls() {
    return from().tls();
  }

  /** The client's IP address as text. */
  default String clientAddress() {
    return from().addressText();
  }

  /** {@code X-Forwarded-For}: the client's address, after those of trusted proxies if asked for. */
  default String forwardedFor() {
    return from().forwardedFor();
  }

  /** The port that the client connected to. */
  default int port() {
    return from().port();
  }

  /** The port that upstreams are told. */
  default int reportedPort() {
    return from().reportedPort();
  }

  /** The port where this proxy serves HTTPS; 443 if it doesn't. */
  int httpsPort();

  /** From here on a body of more than {@code bytes} is answered 413. */
  default void limitBody(long bytes) {
    memory().limitBody(bytes);
  }

  /** The head of the upstream's reply may have that many bytes, if that is more than usual. */
  default void allowReplyHead(int bytes) {
    memory().allowReplyHead(bytes);
  }

  /** The reply's body goes no faster. */
  default void limitReplyRate(ReplyRate rate) {
    memory().limitReplyRate(rate);
  }

  /** Nothing of this request is written to the access log. */
  void keepOutOfLog();

  /**
   * {@code X-Request-ID}: the client's, else one made once for this request; empty if none is to be
   * made.
   */
  String requestId();

  /** Appends the {@link #requestId}. */
  default void addRequestId(TextSink text) {
    text.add(requestId());
  }

  /** The template's text for this request. Values are as received: encode what needs it. */
  default String evaluate(Template template) {
    return TemplateText.of(template, this);
  }

  /** As {@link #evaluate}, for the value of a field: each character is a byte. */
  default String evaluateField(Template template) {
    return TemplateText.bytes(template, this);
  }

  /**
   * Appends one part of a template.
   *
   * @return false if the request has no such field, argument, cookie or query
   */
  default boolean append(TextSink text, Template.Part part) {
    return TemplateText.append(text, part, this);
  }

  /**
   * Makes a request of our own on this request's loop, over the same pools of connections. An
   * origin's certificate isn't verified, as ingress-nginx's isn't.
   *
   * @param listener called once, never from inside of this call
   * @return to give up; the end of this request gives up too
   */
  FilterOutcome.Handle send(SubRequest request, SubRequest.Listener listener);

  /** What filters keep of this request; made by the first who asks. */
  RequestMemory memory();

  /** Keeps something until the exchange ends. */
  default <T> void keep(RequestKey<T> key, T value) {
    memory().keep(key, value);
  }

  /** What was kept under that key; null for nothing. */
  default <T> @Nullable T kept(RequestKey<T> key) {
    return memory().kept(key);
  }

  /** Tells {@code listener} when this request is over. */
  default void atEnd(EndListener listener) {
    memory().atEnd(listener);
  }
}
