package dev.weir.annotations;

import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.RouteId;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A route before its action is known. */
public final class RouteDraft extends Draft {
  private final RouteId id;
  private final boolean hostHasTls;
  private final Kind kind;
  private final Backend backend;
  private final List<FilterSettings> filters = new ArrayList<>();
  private Timeouts timeouts = Timeouts.DEFAULT;
  private Optional<String> defaultBackend = Optional.empty();
  private Optional<ErrorPages> errorPages = Optional.empty();

  /**
   * Replies that are replaced.
   *
   * @param upstreamReplies whether those of the route's own backend are, too
   */
  public record ErrorPages(Set<Integer> statuses, boolean upstreamReplies) {}

  private RetryPolicy retries = RetryPolicy.DEFAULT;
  private RedirectStyle redirects = RedirectStyle.DEFAULT;
  private Speech speech = Speech.HTTP;
  private Optional<ServiceTls> tls = Optional.empty();
  private boolean atServiceAddress;

  /**
   * The Service that a route leads to.
   *
   * @param name its name in DNS, lower-case; empty if there is none
   * @param hasAddress whether it has an address of its own beside those of its endpoints
   * @param hostTls how Ingresses of the host have TLS spoken to Services, oldest first
   */
  public record Backend(String name, boolean hasAddress, List<HostTls> hostTls) {}

  /** What a backend is spoken to by. */
  public enum Speech {
    /** Without TLS. */
    HTTP,
    /** With TLS. */
    HTTPS,
    /** With TLS for clients that come with TLS, without for others. */
    AS_CLIENT
  }

  /** Where a route comes from. */
  public enum Kind {
    /** A path of a rule. */
    RULE,
    /** An Ingress's {@code spec.defaultBackend}. */
    OWN_DEFAULT,
    /** The implicit {@code /} that leads to the proxy's own default backend. */
    GLOBAL_DEFAULT
  }

  /**
   * A route without filters.
   *
   * @param hostHasTls whether plain HTTP to this host counts as a mistake (ingress-nginx.md 4.9)
   */
  public RouteDraft(
      DraftContext context, RouteId id, boolean hostHasTls, Kind kind, Backend backend) {
    super(context);
    this.id = id;
    this.hostHasTls = hostHasTls;
    this.kind = kind;
    this.backend = backend;
  }

  /** Host and path. */
  public RouteId id() {
    return id;
  }

  /** Whether the host has TLS. */
  public boolean hostHasTls() {
    return hostHasTls;
  }

  /** Where it comes from. */
  public Kind kind() {
    return kind;
  }

  /** The Service that it leads to. */
  public Backend backend() {
    return backend;
  }

  /** Sets what the backend is spoken to by. */
  public void speech(Speech how) {
    speech = how;
  }

  /** Sets how TLS is spoken to the backend, if it is at all. */
  public void tls(ServiceTls how) {
    tls = Optional.of(how);
  }

  /** What is spoken to the backend, complete. */
  public UpstreamScheme scheme() {
    var policy = tls.orElse(ServiceTls.PLAIN).towards(backend.name);
    return switch (speech) {
      case HTTP -> new UpstreamScheme.Http();
      case HTTPS -> new UpstreamScheme.Https(policy);
      case AS_CLIENT -> new UpstreamScheme.AsClient(policy);
    };
  }

  /** The Service's own address is asked in place of its endpoints'. */
  public void askServiceAddress() {
    atServiceAddress = true;
  }

  /** Whether {@link #askServiceAddress} was called. */
  public boolean asksServiceAddress() {
    return atServiceAddress;
  }

  /** Whether it is the default backend of unknown hosts, which takes no redirects and rewrites. */
  public boolean forUnknownHosts() {
    return id.host() instanceof HostPattern.Any && kind != Kind.RULE;
  }

  /**
   * Whether it answers an ACME HTTP-01 challenge (RFC 8555 8.3), which nothing may stand in the way
   * of. A path that only begins like one does not count.
   */
  public boolean answersChallenge() {
    return kind == Kind.RULE && AcmeChallenge.isPath(id.match().path());
  }

  /** How redirects of ours name a place. */
  public RedirectStyle redirects() {
    return redirects;
  }

  /** Sets how redirects of ours name a place. */
  public void redirects(RedirectStyle style) {
    redirects = style;
  }

  /** Adds a filter's settings. */
  public void filter(FilterSettings settings) {
    filters.add(settings);
  }

  /** The filters' settings in the order added; filters order themselves by phase. */
  public List<FilterSettings> filters() {
    return List.copyOf(filters);
  }

  /** Service of the Ingress's namespace that stands in for its backend; it exists. */
  public void defaultBackend(String service) {
    defaultBackend = Optional.of(service);
  }

  /** Service that stands in for the backend. */
  public Optional<String> defaultBackend() {
    return defaultBackend;
  }

  /** Sets which replies are replaced by those of the default backend. */
  public void errorPages(ErrorPages pages) {
    errorPages = Optional.of(pages);
  }

  /** Which replies are replaced by those of the default backend. */
  public Optional<ErrorPages> errorPages() {
    return errorPages;
  }

  /** How long the upstream may take. */
  public Timeouts timeouts() {
    return timeouts;
  }

  /** Sets how long the upstream may take. */
  public void timeouts(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /** When another endpoint is tried. */
  public RetryPolicy retries() {
    return retries;
  }

  /** Sets when another endpoint is tried. */
  public void retries(RetryPolicy retries) {
    this.retries = retries;
  }

  /** Closes the route, because a protection of it can't be enforced. */
  public void deny(Values values, Setting<?> setting, String why) {
    close(values, setting, why);
  }

  /** Closes the route, because it would not work; no operator's choice keeps it open. */
  public void refuse(Setting<?> setting, String why) {
    report(Problem.Level.ERROR, setting, why + ", so its routes answer 503", "");
    answer503(setting.name() + " " + why);
  }
}
