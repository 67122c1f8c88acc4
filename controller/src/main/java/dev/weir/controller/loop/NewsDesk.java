package dev.weir.controller.loop;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.RecordingView;
import dev.weir.controller.translate.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns changes of the cluster into news of the objects that somebody is interested in, at the
 * price of what changed. Whether an Ingress is ours depends on its class and namespace, too; what
 * was looked up for it is recorded as for a compile.
 *
 * <p>Owned by the controller thread.
 */
final class NewsDesk {
  private static final Comparator<ObjectKey> BY_NAME =
      Comparator.comparing(ObjectKey::namespace).thenComparing(ObjectKey::name);

  private final Interest interest;
  private final Translation translation;
  private final ClusterState state;
  private final DependencyIndex<ObjectKey> index = new DependencyIndex<>();
  private final Map<ObjectKey, Known> ours = new HashMap<>();
  private final Set<ObjectKey> present = new HashSet<>();
  private boolean opened;

  private record Known(IngressResource ingress, boolean served) {}

  NewsDesk(Interest interest, Translation translation, ClusterState state) {
    this.interest = interest;
    this.translation = translation;
    this.state = state;
  }

  /** What {@code changes} come to; the first time, all that is there. */
  List<News> news(Set<Dependency> changes) {
    var news = new ArrayList<News>();
    var objects = new LinkedHashSet<ObjectKey>();
    var ingresses = new LinkedHashSet<ObjectKey>();
    if (opened) {
      for (var change : changes) {
        if (change instanceof Dependency.OnObject(var key)) {
          (key.kind() == Kind.INGRESS ? ingresses : objects).add(key);
        }
      }
      ingresses.addAll(index.askersOf(changes));
      objects.retainAll(interest.objects());
    } else {
      state.keys(Kind.INGRESS).stream().sorted(BY_NAME).forEach(ingresses::add);
      objects.addAll(interest.objects());
      opened = true;
    }
    objects.forEach(key -> object(key, news));
    if (interest.ingresses()) {
      ingresses.forEach(key -> ingress(key, news));
    }
    return news;
  }

  private void object(ObjectKey key, List<News> news) {
    var now = state.get(key);
    if (now == null) {
      present.remove(key);
      news.add(new News.ObjectMissing(key));
    } else {
      news.add(new News.ObjectIs(now, present.add(key)));
    }
  }

  private void ingress(ObjectKey key, List<News> news) {
    var standing = Standing.NOT_OURS;
    if (state.get(key) instanceof IngressResource ingress) {
      var view = new RecordingView(state);
      standing = translation.standing(ingress, view);
      index.record(key, view);
      if (standing != Standing.NOT_OURS) {
        boolean served = standing == Standing.SERVED;
        var before = ours.put(key, new Known(ingress, served));
        if (!new Known(ingress, served).equals(before)) {
          boolean asksAnew = before == null || !ingress.asksTheSame(before.ingress());
          news.add(new News.IngressIs(ingress, served, asksAnew));
        }
      }
    } else {
      index.remove(key);
    }
    if (standing == Standing.NOT_OURS && ours.remove(key) != null) {
      news.add(new News.IngressLeft(key));
    }
  }
}
