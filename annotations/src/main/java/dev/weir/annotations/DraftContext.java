package dev.weir.annotations;

/**
 * What all drafts of one Ingress share.
 *
 * @param prefix of annotations, without slash
 * @param closing whether unenforced protection closes
 */
public record DraftContext(References references, String prefix, boolean closing) {
  /** The setting's annotation with prefix, or its ConfigMap key. */
  public String annotation(Setting<?> setting) {
    return setting.names().annotation().isEmpty()
        ? setting.names().configMapKey()
        : Setting.Names.full(prefix + "/", setting.names().annotation());
  }
}
