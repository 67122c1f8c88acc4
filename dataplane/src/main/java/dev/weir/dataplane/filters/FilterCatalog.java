package dev.weir.dataplane.filters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.AddressAccess;
import dev.weir.dataplane.model.AppRoot;
import dev.weir.dataplane.model.BasicAuth;
import dev.weir.dataplane.model.BlockedClients;
import dev.weir.dataplane.model.BodyLimit;
import dev.weir.dataplane.model.Compression;
import dev.weir.dataplane.model.ConnectionLimit;
import dev.weir.dataplane.model.CookieRewrite;
import dev.weir.dataplane.model.Cors;
import dev.weir.dataplane.model.ErrorPages;
import dev.weir.dataplane.model.ExternalAuth;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HiddenFields;
import dev.weir.dataplane.model.LocationRewrite;
import dev.weir.dataplane.model.PrefixRewrite;
import dev.weir.dataplane.model.ReplyHeadSize;
import dev.weir.dataplane.model.ReplyRate;
import dev.weir.dataplane.model.RequestLimit;
import dev.weir.dataplane.model.Rewrite;
import dev.weir.dataplane.model.RouteRedirect;
import dev.weir.dataplane.model.ServerField;
import dev.weir.dataplane.model.SetReplyFields;
import dev.weir.dataplane.model.SetRequestFields;
import dev.weir.dataplane.model.SslRedirect;
import dev.weir.dataplane.model.StrictTransportSecurity;
import dev.weir.dataplane.model.Tracing;
import dev.weir.dataplane.model.Unlogged;
import dev.weir.dataplane.model.UpstreamForm;
import dev.weir.dataplane.model.UpstreamHost;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Makes filters of settings. Equal settings share one filter for as long as a route holds it, so
 * that a filter's state survives changes of the table that don't concern it. May be used from any
 * thread.
 */
public final class FilterCatalog {
  private static final Map<Class<? extends FilterSettings>, Maker> MAKERS =
      Map.ofEntries(
          entry(AddressAccess.class, (settings, services) -> new AddressAccessFilter(settings)),
          entry(BlockedClients.class, (settings, services) -> BlockedClientsFilter.of(settings)),
          entry(Cors.class, (settings, services) -> new CorsFilter(settings)),
          entry(BasicAuth.class, BasicAuthFilter::new),
          entry(Compression.class, CompressionFilter::new),
          entry(BodyLimit.class, (settings, services) -> new BodyLimitFilter(settings)),
          entry(ConnectionLimit.class, ConnectionLimitFilter::new),
          entry(CookieRewrite.class, (settings, services) -> new CookieRewriteFilter(settings)),
          entry(HiddenFields.class, (settings, services) -> new HiddenFieldsFilter(settings)),
          entry(LocationRewrite.class, (settings, services) -> new LocationRewriteFilter(settings)),
          entry(SetReplyFields.class, (settings, services) -> new SetReplyFieldsFilter(settings)),
          entry(
              SetRequestFields.class, (settings, services) -> new SetRequestFieldsFilter(settings)),
          entry(ServerField.class, (settings, services) -> new ServerFieldFilter(settings)),
          entry(UpstreamForm.class, (settings, services) -> new UpstreamFormFilter(settings)),
          entry(ReplyHeadSize.class, (settings, services) -> new ReplyHeadSizeFilter(settings)),
          entry(ReplyRate.class, (settings, services) -> new ReplyRateFilter(settings)),
          entry(RequestLimit.class, RequestLimitFilter::new),
          entry(ErrorPages.class, (settings, services) -> new ErrorPagesFilter(settings)),
          entry(ExternalAuth.class, ExternalAuthFilter::new),
          entry(AppRoot.class, (settings, services) -> new AppRootFilter(settings)),
          entry(PrefixRewrite.class, (settings, services) -> new PrefixRewriteFilter(settings)),
          entry(Rewrite.class, (settings, services) -> new RewriteFilter(settings)),
          entry(RouteRedirect.class, (settings, services) -> new RouteRedirectFilter(settings)),
          entry(SslRedirect.class, (settings, services) -> new SslRedirectFilter(settings)),
          entry(
              StrictTransportSecurity.class,
              (settings, services) -> new StrictTransportSecurityFilter(settings)),
          entry(Tracing.class, (settings, services) -> new TracingFilter(settings, services)),
          entry(UpstreamHost.class, (settings, services) -> new UpstreamHostFilter(settings)),
          entry(Unlogged.class, (settings, services) -> UnloggedFilter.INSTANCE));

  private final Cache<FilterSettings, RouteFilter> filters =
      Caffeine.newBuilder().weakValues().build();

  private final FilterServices services;

  private interface Maker extends BiFunction<FilterSettings, FilterServices, RouteFilter> {}

  public FilterCatalog(FilterServices services) {
    this.services = services;
  }

  private static <S extends FilterSettings> Map.Entry<Class<S>, Maker> entry(
      Class<S> type, BiFunction<S, FilterServices, RouteFilter> maker) {
    return Map.entry(type, (settings, services) -> maker.apply(type.cast(settings), services));
  }

  /**
   * The filter of these settings.
   *
   * @throws IllegalArgumentException if no filter is known for their class
   */
  public RouteFilter filter(FilterSettings settings) {
    return filters.get(settings, this::make);
  }

  private RouteFilter make(FilterSettings settings) {
    var maker = MAKERS.get(settings.getClass());
    if (maker == null) {
      throw new IllegalArgumentException(
          "No filter for " + settings.getClass().getName() + "; add a line to FilterCatalog.");
    }
    return maker.apply(settings, services);
  }
}
