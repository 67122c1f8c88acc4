package dev.weir.controller.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line in the form that the parser takes.
 *
 * <p>Two things differ from what people and charts type. The image of ingress-nginx is started with
 * its binary's path as first word and flags without a command; that means {@code run}; its other
 * programs are commands here. And a switch never takes the next word as its value (as in Go's
 * pflag): {@code --flag} is {@code --flag=true}.
 *
 * @param imageSwap whether the first word is the path of ingress-nginx's binary
 */
record CommandWords(List<String> words, boolean imageSwap) {
  private static final String REPLACED_BINARY = "/nginx-ingress-controller";
  private static final List<String> ROOT_FLAGS = List.of("-h", "--help", "-V", "--version");

  /** The other programs in ingress-nginx's image. */
  private static final Map<String, String> OTHER_PROGRAMS =
      Map.of("/dbg", "dbg", "/wait-shutdown", "wait-shutdown");

  static CommandWords of(String... args) {
    if (args.length > 0 && OTHER_PROGRAMS.containsKey(args[0])) {
      var words = new ArrayList<>(List.of(args));
      words.set(0, OTHER_PROGRAMS.get(args[0]));
      return new CommandWords(List.copyOf(words), false);
    }
    boolean imageSwap = args.length > 0 && args[0].equals(REPLACED_BINARY);
    var words = new ArrayList<String>();
    for (int i = imageSwap ? 1 : 0; i < args.length; i++) {
      words.add(withValue(args[i]));
    }
    boolean onlyFlags = words.isEmpty() ? imageSwap : words.getFirst().startsWith("-");
    if (onlyFlags && (words.isEmpty() || !ROOT_FLAGS.contains(words.getFirst()))) {
      words.addFirst("run");
    }
    return new CommandWords(List.copyOf(words), imageSwap);
  }

  private static String withValue(String word) {
    if (!word.startsWith("--")) {
      return word;
    }
    var name = word.substring(2);
    var spec = FlagTable.RUN.find(name);
    if (spec == null) {
      spec = DemoCommand.FLAGS.find(name);
    }
    return spec != null && spec.type().equals(FlagType.SWITCH) ? word + "=true" : word;
  }
}
