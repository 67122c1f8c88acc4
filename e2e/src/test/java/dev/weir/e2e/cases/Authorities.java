package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.testsupport.Authority;
import dev.weir.testsupport.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Those who sign the certificates of a case; each is made when a case first names it. */
final class Authorities {
  private final Map<String, Authority> roots = new HashMap<>();
  private final Map<JsonNode, Identity> issued = new HashMap<>();

  Authority of(String name) {
    return roots.computeIfAbsent(name, Authority::root);
  }

  /**
   * A certificate; the same for the same words.
   *
   * @param below how many authorities stand between the root and it
   */
  Identity issue(String authority, int below, List<String> names) {
    var signer = of(authority);
    for (int i = 0; i < below; i++) {
      signer = signer.below(authority + "-" + i);
    }
    return signer.issue(names.toArray(String[]::new));
  }

  /** {@code {authority: who, names: [...]}}, as a Secret has it. */
  Identity issue(String where, JsonNode node) {
    return issued.computeIfAbsent(
        node,
        words -> {
          var form = Form.of(where, words);
          var identity = issue(form.text("authority"), 0, new ArrayList<>(form.texts("names")));
          form.end();
          return identity;
        });
  }
}
