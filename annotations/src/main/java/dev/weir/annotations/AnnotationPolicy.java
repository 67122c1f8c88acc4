package dev.weir.annotations;

import dev.weir.annotations.value.Choice;
import dev.weir.annotations.value.CommaList;
import java.util.List;

/** What the operator allows annotations to be; ConfigMap only. */
final class AnnotationPolicy {
  /** Ingresses with an annotation of a higher risk make no rules; by default there is none. */
  static final Setting<Risk> HIGHEST_RISK =
      new Setting<>(
          Setting.Names.configMap("annotations-risk-level"),
          Risk.CRITICAL,
          Scope.INGRESS,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Choice.anyCase(Risk.class),
          "Ingresses that use an annotation of a higher risk are not served.");

  /** Ingresses whose annotations contain such a word make no rules. */
  static final Setting<List<String>> BLOCKED_WORDS =
      new Setting<>(
          Setting.Names.configMap("annotation-value-word-blocklist"),
          List.of(),
          Scope.INGRESS,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          CommaList::parse,
          "Ingresses whose annotations contain one of these words are not served.");

  private AnnotationPolicy() {}
}
