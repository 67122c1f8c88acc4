package dev.weir.dataplane.model;

import java.util.Map;
import java.util.Optional;

/**
 * Who wants in needs a name and a password (ingress-nginx.md 1.3, 15 to 18).
 *
 * @param realm what the browser shows
 * @param users by name, one character a byte; those with an empty hash can't come in
 */
public record BasicAuth(String realm, Map<String, Optional<PasswordHash>> users)
    implements FilterSettings {
  public BasicAuth {
    users = Map.copyOf(users);
  }

  @Override
  public String text() {
    return "basic-auth realm=\"" + realm + "\" users=" + users.size();
  }

  @Override
  public String toString() {
    return text();
  }
}
