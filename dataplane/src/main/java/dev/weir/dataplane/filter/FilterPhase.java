package dev.weir.dataplane.filter;

/**
 * When a filter runs: the order of checks of ingress-nginx.md 4.8, of which the first that answers
 * wins. Filters of one phase run in the order in which the route lists them.
 */
public enum FilterPhase {
  /** Blocked user agents and referers, app-root: whatever holds for a whole host. */
  HOST,
  /** The redirect that completes a path with its slash. */
  SLASH_REDIRECT,
  /** Declared length of the body. */
  BODY_SIZE,
  /** Routes that are refused whole. */
  DENIED,
  CORS_PREFLIGHT,
  /** Permanent and temporal redirects. */
  REDIRECT,
  SSL_REDIRECT,
  /** No endpoints: before limits and authentication, so that those don't count such requests. */
  NO_ENDPOINTS,
  REQUEST_LIMIT,
  CONNECTION_LIMIT,
  ADDRESS_ACCESS,
  BASIC_AUTH,
  EXTERNAL_AUTH,
  MIRROR,
  /** What the backend sees is changed: path and host. */
  REWRITE,
  /** In the backend's place. */
  BACKEND
}
