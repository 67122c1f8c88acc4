package dev.weir.annotations;

/**
 * How redirects that the proxy makes of a path name it.
 *
 * @param relative by the path alone, without scheme and host
 * @param withPort with the listener's port, where it is not the scheme's own
 */
public record RedirectStyle(boolean relative, boolean withPort) {
  /** As ingress-nginx without settings: absolute, without port. */
  public static final RedirectStyle DEFAULT = new RedirectStyle(false, false);
}
