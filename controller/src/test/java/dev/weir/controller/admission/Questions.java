package dev.weir.controller.admission;

/** Bodies of questions. */
public final class Questions {
  private Questions() {}

  /** Whether an Ingress of that name, with nothing wrong and of no class, may be created. */
  public static String create(String name, String uid) {
    return create(name, uid, "");
  }

  /** The same with an annotation of that value. */
  static String create(String name, String uid, String filler) {
    return of(
        uid,
        "CREATE",
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"%s",\
        "namespace":"default","managedFields":[{"filler":"%s"}]},"spec":{"rules":[{"host":\
        "shop.test"}]}}\
        """
            .formatted(name, filler));
  }

  /** A question about an object. */
  public static String of(String uid, String operation, String object) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"%s",\
    "kind":{"group":"networking.k8s.io","version":"v1","kind":"Ingress"},\
    "resource":{"group":"networking.k8s.io","version":"v1","resource":"ingresses"},\
    "operation":"%s","userInfo":{"username":"somebody","groups":["a"]},"object":%s,\
    "oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions"}}}\
    """
        .formatted(uid, operation, object);
  }
}
