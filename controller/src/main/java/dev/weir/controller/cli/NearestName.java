package dev.weir.controller.cli;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody probably meant to type. */
final class NearestName {
  private NearestName() {}

  /** The name that differs least, if it differs in less than half of its letters. */
  static Optional<String> of(String typed, Collection<String> names) {
    var nearest = Optional.<String>empty();
    int best = Integer.MAX_VALUE;
    for (var name : names) {
      int edits = edits(typed, name);
      if (edits < best && edits * 2 < name.length()) {
        best = edits;
        nearest = Optional.of(name);
      }
    }
    return nearest;
  }

  /** Letters to insert, delete or replace (Levenshtein). */
  private static int edits(String from, String to) {
    var row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
