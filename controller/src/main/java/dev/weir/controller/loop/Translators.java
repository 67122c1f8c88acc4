package dev.weir.controller.loop;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.translate.HostResult;
import dev.weir.controller.translate.HostTranslator;
import dev.weir.controller.translate.SettingsResult;
import dev.weir.controller.translate.SettingsTranslator;
import dev.weir.controller.translate.Standing;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.controller.translate.UpstreamResult;
import dev.weir.controller.translate.UpstreamTranslator;
import dev.weir.dataplane.model.UpstreamId;

/** The translation that the program runs with. */
public final class Translators implements Translation {
  private final HostTranslator hosts;
  private final UpstreamTranslator upstreams;
  private final SettingsTranslator settings;

  public Translators(TranslateOptions options) {
    this.hosts = new HostTranslator(options);
    this.upstreams = new UpstreamTranslator(options);
    this.settings = new SettingsTranslator(options);
  }

  /** The translation of hosts, for whoever wants to try it; any thread. */
  public HostTranslator hosts() {
    return hosts;
  }

  @Override
  public HostResult host(String host, ClusterView view) {
    return hosts.translate(host, view);
  }

  @Override
  public Standing standing(IngressResource ingress, ClusterView view) {
    return hosts.standing(ingress, view);
  }

  @Override
  public UpstreamResult upstream(UpstreamId upstream, ClusterView view) {
    return upstreams.translate(upstream, view);
  }

  @Override
  public SettingsResult settings(ClusterView view) {
    return settings.translate(view);
  }
}
