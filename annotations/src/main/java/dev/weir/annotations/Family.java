package dev.weir.annotations;

import dev.weir.annotations.value.ValueParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Names that belong together, that users may meet and that no feature declares: data only. A
 * feature that comes takes its own out. Each family is a file in {@code resources/…/families}: a
 * line with disposition and {@link Scope}; optionally {@code instead TEXT} or {@code old}; then a
 * line for each name with its places ({@code annotation}, {@code key} or {@code both}, {@code alias
 * NAME}), risk, default and a sentence, separated by {@code |}. A name that ends in {@code *}
 * stands for all that begin like it.
 *
 * @param instead what to do instead of using these; empty unless refused
 * @param old whether only old releases had these; using them is worth a word
 */
public record Family(
    String name, Disposition disposition, String instead, boolean old, List<Entry> entries) {
  private static final int COLUMNS = 5;

  /**
   * A name.
   *
   * @param shownDefault for people; empty if there is none
   */
  public record Entry(Setting<String> setting, String shownDefault) {}

  public Family {
    entries = List.copyOf(entries);
  }

  /** The settings of all names. */
  public List<Setting<?>> settings() {
    return List.copyOf(entries.stream().<Setting<?>>map(Entry::setting).toList());
  }

  /** The entry of a setting of this family. */
  Optional<Entry> entry(Setting<?> setting) {
    return entries.stream().filter(entry -> entry.setting.equals(setting)).findFirst();
  }

  /**
   * Reads a family.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static Family read(String name, String text) {
    var lines = text.lines().filter(line -> !line.isBlank()).toList();
    var first = lines.getFirst().split(" ", 2);
    var scope = Scope.valueOf(first[1].toUpperCase(Locale.ROOT));
    var instead = "";
    boolean old = false;
    var entries = new ArrayList<Entry>();
    for (var line : lines.subList(1, lines.size())) {
      if (line.startsWith("instead ")) {
        instead = line.substring("instead ".length());
      } else if (line.equals("old")) {
        old = true;
      } else {
        entries.add(entry(line, scope));
      }
    }
    return new Family(
        name, Disposition.valueOf(first[0].toUpperCase(Locale.ROOT)), instead, old, entries);
  }

  private static Entry entry(String line, Scope scope) {
    var columns = line.split("\\|", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException("expected " + COLUMNS + " columns: " + line);
    }
    var setting =
        new Setting<>(
            names(columns[0].strip(), columns[1].strip().split(" ")),
            "",
            scope,
            Risk.valueOf(columns[2].strip().toUpperCase(Locale.ROOT)),
            WhenInvalid.DEFAULT,
            ValueParser.TEXT,
            columns[4].strip());
    return new Entry(setting, columns[3].strip());
  }

  private static Setting.Names names(String name, String[] places) {
    var aliases = places.length == 3 ? List.of(places[2]) : List.<String>of();
    return switch (places[0]) {
      case "annotation" -> new Setting.Names(name, "", aliases);
      case "key" -> new Setting.Names("", name, aliases);
      case "both" -> new Setting.Names(name, name, aliases);
      default -> throw new IllegalArgumentException(name + ": " + places[0]);
    };
  }
}
