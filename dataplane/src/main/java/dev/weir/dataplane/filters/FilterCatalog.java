package dev.weir.dataplane.filters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.BodyLimit;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.SslRedirect;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes filters of settings. Equal settings share one filter for as long as a route holds it, so
 * that a filter's state survives changes of the table that don't concern it. May be used from any
 * thread.
 */
public final class FilterCatalog {
  private static final Map<Class<? extends FilterSettings>, Function<FilterSettings, RouteFilter>>
      MAKERS =
          Map.ofEntries(
              entry(BodyLimit.class, BodyLimitFilter::new),
              entry(SslRedirect.class, SslRedirectFilter::new));

  private final Cache<FilterSettings, RouteFilter> filters =
      Caffeine.newBuilder().weakValues().build();

  private static <S extends FilterSettings>
      Map.Entry<Class<S>, Function<FilterSettings, RouteFilter>> entry(
          Class<S> settings, Function<S, RouteFilter> maker) {
    return Map.entry(settings, any -> maker.apply(settings.cast(any)));
  }

  /**
   * The filter of these settings.
   *
   * @throws IllegalArgumentException if no filter is known for their class
   */
  public RouteFilter filter(FilterSettings settings) {
    return filters.get(settings, FilterCatalog::make);
  }

  private static RouteFilter make(FilterSettings settings) {
    var maker = MAKERS.get(settings.getClass());
    if (maker == null) {
      throw new IllegalArgumentException(
          "No filter for " + settings.getClass().getName() + "; add a line to FilterCatalog.");
    }
    return maker.apply(settings);
  }
}
