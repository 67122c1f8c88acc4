package dev.weir.annotations.feature;

import dev.weir.annotations.References;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ObjectName;
import dev.weir.dataplane.model.SetField;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Fields that stand in a ConfigMap of their own, which a key of the controller's ConfigMap names. A
 * field that can't be set is left out; the others are set.
 */
final class FieldMaps {
  private static final ObjectName NONE = new ObjectName("", "");

  /** What to do where there is no such ConfigMap. */
  static final String MISSING =
      "create it; with --watch-namespace, in that namespace or in that of --configmap";

  private FieldMaps() {}

  /** Makes a field of an entry, or throws IllegalArgumentException. */
  interface Maker {
    SetField of(String name, String value);
  }

  /** Hears what is wrong. */
  interface Faults {
    /**
     * Something is wrong.
     *
     * @param field empty where it is all of them
     */
    void report(String field, String message);
  }

  /** A key that names a ConfigMap. */
  static Setting<ObjectName> key(String name, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        NONE,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        FieldMaps::name,
        doc);
  }

  private static ObjectName name(String text) throws InvalidValueException {
    var name = ObjectName.parse(text);
    if (name.namespace().isEmpty()) {
      throw new InvalidValueException("namespace/name");
    }
    return name;
  }

  /** The fields by name; none if there is no such ConfigMap. */
  static List<SetField> read(
      Setting<ObjectName> key, Values values, References references, Maker maker, Faults faults) {
    var name = values.get(key);
    if (name.equals(NONE)) {
      return List.of();
    }
    var data = references.configMap(name.namespace(), name.name());
    if (data.isEmpty()) {
      faults.report("", "names ConfigMap " + name + ", which does not exist; no field is set");
      return List.of();
    }
    var fields = new ArrayList<SetField>();
    new TreeMap<>(data.get())
        .forEach(
            (field, value) -> {
              try {
                fields.add(maker.of(field, value.strip()));
              } catch (IllegalArgumentException e) {
                faults.report(
                    field,
                    "names ConfigMap "
                        + name
                        + ", where "
                        + field
                        + " "
                        + e.getMessage()
                        + "; it is left out");
              }
            });
    return fields;
  }
}
