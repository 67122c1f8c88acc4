package dev.weir.controller.loop;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.translate.HostResult;
import dev.weir.controller.translate.SettingsResult;
import dev.weir.controller.translate.Standing;
import dev.weir.controller.translate.UpstreamResult;
import dev.weir.dataplane.model.UpstreamId;

/** The pure functions that the loop compiles with. */
public interface Translation {
  /** Compiles a host; {@code ""} for rules without host. */
  HostResult host(String host, ClusterView view);

  /** What becomes of an Ingress as a whole. */
  Standing standing(IngressResource ingress, ClusterView view);

  /** Compiles an upstream. */
  UpstreamResult upstream(UpstreamId upstream, ClusterView view);

  /** Compiles what holds for the whole proxy. */
  SettingsResult settings(ClusterView view);
}
