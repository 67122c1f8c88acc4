package dev.weir.controller.parse;

import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.SecretResource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Secret and ConfigMap. A Secret's bytes never get into a finding. Entries that nothing could read,
 * whatever names them, are emptied at once: clusters keep archives, dashboards and key stores in
 * them, and all of them are listed.
 */
final class DataParser {
  private static final int DATA_LIMIT = 1024 * 1024;

  /** The entries of Secrets that hold files. */
  private static final Set<String> FILES = Set.of("tls.crt", "tls.key", "ca.crt", "ca.crl", "auth");

  /** Other entries of Secrets are users' password hashes. */
  private static final int LONGEST_HASH = 1024;

  /** Entries of ConfigMaps are header fields, nginx's limit for which this is, or settings. */
  private static final int LONGEST_FIELD = 4096;

  private static final SecretBytes UNREAD_BYTES = SecretBytes.of(new byte[0]);

  /** No header field may have it as its value. */
  private static final String UNREAD_TEXT = "\0";

  /** Types that no Ingress can refer to, and that make up most Secrets of many clusters. */
  private static final Set<String> NEVER_NEEDED =
      Set.of(
          "helm.sh/release.v1",
          "kubernetes.io/service-account-token",
          "kubernetes.io/dockercfg",
          "kubernetes.io/dockerconfigjson",
          "bootstrap.kubernetes.io/token");

  private DataParser() {}

  /** Whether Weir has no use for an object that keeps the state of a Helm release or the like. */
  static boolean neverNeeded(Field object) {
    boolean type =
        object.peek("type") instanceof Tree.Scalar(_, var text, _, _)
            && NEVER_NEEDED.contains(text);
    boolean tiller =
        object.peek("metadata", "labels", "OWNER") instanceof Tree.Scalar(_, var owner, _, _)
            && owner.equals("TILLER");
    return type || tiller;
  }

  static SecretResource secret(Field object, Meta meta) throws BadField {
    var data = new HashMap<String, SecretBytes>();
    long size = 0;
    for (var entry : object.get("data").entries()) {
      var bytes = entry.attempt(DataParser::base64);
      if (bytes.isPresent()) {
        size += bytes.get().length;
        data.put(entry.name(), SecretBytes.of(bytes.get()));
      }
    }
    for (var entry : object.get("stringData").entries()) {
      var text = entry.attempt(DataParser::secretText);
      if (text.isPresent()) {
        var bytes = text.get().getBytes(StandardCharsets.UTF_8);
        size += bytes.length;
        data.put(entry.name(), SecretBytes.of(bytes));
      }
    }
    if (size > DATA_LIMIT) {
      throw object.get("data").bad("is larger than " + DATA_LIMIT + " bytes", "");
    }
    emptyUnread(data);
    return new SecretResource(meta, object.get("type").text(""), data);
  }

  /** The only entry may be a file whatever its name is; so no entry may go, only its bytes. */
  private static void emptyUnread(Map<String, SecretBytes> data) {
    if (data.size() > 1) {
      data.replaceAll(
          (name, bytes) ->
              bytes.length() <= LONGEST_HASH || FILES.contains(name) ? bytes : UNREAD_BYTES);
    }
  }

  private static String secretText(Field field) throws BadField {
    if (field.peek() instanceof Tree.Scalar(_, var text, _, _)) {
      return text;
    }
    throw field.bad("is not text", "");
  }

  private static byte[] base64(Field field) throws BadField {
    if (field.peek() instanceof Tree.Scalar(_, var text, _, _)) {
      try {
        return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
      } catch (IllegalArgumentException notBase64) {
        throw field.bad("is not base64", "encode it, or put the text under stringData");
      }
    }
    throw field.bad("is not base64", "");
  }

  static ConfigMapResource configMap(Field object, Meta meta) throws BadField {
    Map<String, String> data = object.get("data").texts();
    long size = 0;
    for (var value : data.values()) {
      size += value.length();
    }
    if (size > DATA_LIMIT) {
      throw object.get("data").bad("is larger than " + DATA_LIMIT + " characters", "");
    }
    data.replaceAll(
        (name, value) -> value.length() <= LONGEST_FIELD || isSetting(name) ? value : UNREAD_TEXT);
    return new ConfigMapResource(meta, data);
  }

  /** Whether the controller's own ConfigMap might have it: those may be long. */
  private static boolean isSetting(String name) {
    return name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  }
}
