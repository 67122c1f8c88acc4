package dev.weir.annotations;

import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.CipherSuite;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A host as one of its Ingresses sees it. */
public final class HostDraft extends Draft {
  private final HostPattern pattern;
  private final List<String> paths;
  private final Set<HostPattern> aliases = new LinkedHashSet<>();
  private boolean regexHost;
  private boolean regexPaths;
  private Optional<Twin> twin = Optional.empty();
  private Optional<HostTls> serviceTls = Optional.empty();
  private CipherChoice ciphers = CipherChoice.USUAL;

  /**
   * How the host's twin, the same name with or without {@code www.}, redirects to it.
   *
   * @param filters of the redirect's route
   */
  public record Twin(int status, List<FilterSettings> filters) {
    public Twin {
      filters = List.copyOf(filters);
    }
  }

  /**
   * A host without anything.
   *
   * @param paths that the Ingress has on this host, as written; {@code /} for an empty one
   */
  public HostDraft(DraftContext context, HostPattern pattern, List<String> paths) {
    super(context);
    this.pattern = pattern;
    this.paths = new ArrayList<>(paths);
  }

  /** The host's name. */
  public HostPattern pattern() {
    return pattern;
  }

  /** The paths that the Ingress has on this host. */
  public List<String> paths() {
    return List.copyOf(paths);
  }

  /** All paths of the host, whichever Ingress they come from, are regular expressions. */
  public void matchByRegex() {
    regexHost = true;
  }

  /** Whether {@link #matchByRegex} was called. */
  public boolean matchesByRegex() {
    return regexHost;
  }

  /** The Ingress's paths are meant to be regular expressions: they are taken as written. */
  public void pathsAreRegexes() {
    regexPaths = true;
  }

  /** Whether {@link #pathsAreRegexes} was called. */
  public boolean hasRegexPaths() {
    return regexPaths;
  }

  /** Adds another name of the host. */
  public void alias(HostPattern name) {
    aliases.add(name);
  }

  /** Other names of the host, as far as this Ingress has a say. */
  public Set<HostPattern> aliases() {
    return Set.copyOf(aliases);
  }

  /** The host's twin redirects to it. */
  public void redirectTwin(Twin redirect) {
    twin = Optional.of(redirect);
  }

  /** How the host's twin redirects to it, if it does. */
  public Optional<Twin> twin() {
    return twin;
  }

  /** Sets how TLS is spoken to Services of this host's paths that ask for nothing themselves. */
  public void serviceTls(HostTls tls) {
    serviceTls = Optional.of(tls);
  }

  /** How TLS is spoken to Services, as far as this Ingress has a say for the host. */
  public Optional<HostTls> serviceTls() {
    return serviceTls;
  }

  /** Chooses the cipher suites of the host. */
  public void ciphers(List<CipherSuite> suites) {
    ciphers = new CipherChoice(suites, ciphers.order());
  }

  /** Chooses whose order of cipher suites counts. */
  public void cipherOrder(CipherChoice.Order order) {
    ciphers = new CipherChoice(ciphers.suites(), order);
  }

  /** The cipher suites of the host, as far as this Ingress has a say. */
  public CipherChoice ciphers() {
    return ciphers;
  }

  /** Closes every route of the host, whichever Ingress it comes from. */
  public void deny(Values values, Setting<?> setting, String why) {
    close(values, setting, why);
  }
}
