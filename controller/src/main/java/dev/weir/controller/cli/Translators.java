package dev.weir.controller.cli;

import dev.weir.controller.loop.Translation;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.translate.HostResult;
import dev.weir.controller.translate.HostTranslator;
import dev.weir.controller.translate.SettingsResult;
import dev.weir.controller.translate.SettingsTranslator;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.controller.translate.UpstreamResult;
import dev.weir.controller.translate.UpstreamTranslator;
import dev.weir.dataplane.model.UpstreamId;

/** The translators as the controller loop calls them. */
record Translators(HostTranslator hosts, UpstreamTranslator upstreams, SettingsTranslator settings)
    implements Translation {

  Translators(TranslateOptions options) {
    this(
        new HostTranslator(options),
        new UpstreamTranslator(options),
        new SettingsTranslator(options));
  }

  @Override
  public HostResult host(String host, ClusterView view) {
    return hosts.translate(host, view);
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
