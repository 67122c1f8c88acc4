package dev.weir.annotations;

import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.ProxySettings.ClientHeader;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import java.time.Duration;

/** The settings of the whole proxy, being put together. Belongs to one compile. */
public final class ProxyDraft extends Draft {
  private ProxySettings settings = ProxySettings.DEFAULT;

  /** The defaults. */
  public ProxyDraft(DraftContext context) {
    super(context);
  }

  /** Reports that the ConfigMap asks for a protection of every route that can't be enforced. */
  public void closesEverything(Setting<?> setting, String why) {
    reportClosedEverywhere(setting, why);
  }

  /** As they stand. */
  public ProxySettings settings() {
    return settings;
  }

  /** How clients' connections are kept. */
  public void clientKeepAlive(Duration idle, int requests) {
    settings =
        new ProxySettings(
            idle,
            requests,
            settings.clientHeader(),
            settings.clientBody(),
            settings.upstream(),
            settings.forwarded());
  }

  /** What is asked of clients. */
  public void clients(ClientHeader header, Duration body) {
    settings =
        new ProxySettings(
            settings.keepAlive(),
            settings.keepAliveRequests(),
            header,
            body,
            settings.upstream(),
            settings.forwarded());
  }

  /** How connections to endpoints are kept. */
  public void upstreamKeepalive(Keepalive keepalive) {
    settings =
        new ProxySettings(
            settings.keepAlive(),
            settings.keepAliveRequests(),
            settings.clientHeader(),
            settings.clientBody(),
            keepalive,
            settings.forwarded());
  }

  /** Who is believed about clients. */
  public void forwarded(ForwardedTrust trust) {
    settings =
        new ProxySettings(
            settings.keepAlive(),
            settings.keepAliveRequests(),
            settings.clientHeader(),
            settings.clientBody(),
            settings.upstream(),
            trust);
  }
}
