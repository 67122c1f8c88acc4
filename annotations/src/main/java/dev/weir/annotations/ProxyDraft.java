package dev.weir.annotations;

import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.ProxySettings.ClientHeader;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import dev.weir.dataplane.model.TlsSettings;
import dev.weir.dataplane.model.TracingSettings;
import java.time.Duration;

/** The settings of the whole proxy, being put together. Belongs to one compile. */
public final class ProxyDraft extends Draft {
  private Duration keepAlive = ProxySettings.DEFAULT.keepAlive();
  private int keepAliveRequests = ProxySettings.DEFAULT.keepAliveRequests();
  private ClientHeader clientHeader = ProxySettings.DEFAULT.clientHeader();
  private Duration clientBody = ProxySettings.DEFAULT.clientBody();
  private Keepalive upstream = ProxySettings.DEFAULT.upstream();
  private ForwardedTrust forwarded = ProxySettings.DEFAULT.forwarded();
  private AccessLogSettings accessLog = ProxySettings.DEFAULT.accessLog();
  private TlsSettings tls = ProxySettings.DEFAULT.tls();
  private ProxySettings.Http2 http2 = ProxySettings.DEFAULT.http2();
  private int connectionsPerSource = ProxySettings.DEFAULT.connectionsPerSource();
  private TracingSettings tracing = ProxySettings.DEFAULT.tracing();

  /** The defaults. */
  public ProxyDraft(DraftContext context) {
    super(context);
  }

  /** Reports that the ConfigMap asks for a protection of every route that can't be enforced. */
  public void closesEverything(Setting<?> setting, String why) {
    reportClosedEverywhere(setting, why);
  }

  /** Reports something wrong with a key that is an annotation, too. */
  public void reportKey(Problem.Level level, Setting<?> setting, String message, String hint) {
    reportWithKey(level, setting, message, hint);
  }

  /** As they stand. */
  public ProxySettings settings() {
    return new ProxySettings(
        keepAlive,
        keepAliveRequests,
        clientHeader,
        clientBody,
        upstream,
        forwarded,
        accessLog,
        tls,
        http2,
        connectionsPerSource,
        tracing);
  }

  /** How clients' connections are kept. */
  public void clientKeepAlive(Duration idle, int requests) {
    keepAlive = idle;
    keepAliveRequests = requests;
  }

  /** How many connections one source may have open, 0 for any number. */
  public void connectionsPerSource(int most) {
    connectionsPerSource = most;
  }

  /** What is asked of clients. */
  public void clients(ClientHeader header, Duration body) {
    clientHeader = header;
    clientBody = body;
  }

  /** Whether and how HTTP/2 is spoken with clients. */
  public void http2(ProxySettings.Http2 choice) {
    http2 = choice;
  }

  /** How connections to endpoints are kept. */
  public void upstreamKeepalive(Keepalive kept) {
    upstream = kept;
  }

  /** What traces tell of requests, and whom. */
  public void tracing(TracingSettings settings) {
    tracing = settings;
  }

  /** Who is believed about clients. */
  public void forwarded(ForwardedTrust trust) {
    forwarded = trust;
  }

  /** What is written of requests. */
  public void accessLog(AccessLogSettings settings) {
    accessLog = settings;
  }

  /** How TLS is spoken with clients, so far. */
  public TlsSettings tls() {
    return tls;
  }

  /** Changes how TLS is spoken with clients. */
  public void tls(TlsSettings settings) {
    tls = settings;
  }
}
