package dev.weir.e2e.harness;

import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs a command line of curl as curl would, as far as printed examples go: {@code -H 'Host: …'},
 * {@code -k}, {@code -L}, {@code --resolve} and a URL.
 */
public final class Curl {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private final Map<String, InetSocketAddress> resolved = new HashMap<>();
  private URI url = URI.create("/");
  private String host = "";
  private boolean follows;

  private Curl() {}

  /** Understands a command line; fails on what it doesn't know. */
  public static Curl parse(String command) {
    var words = words(command);
    var curl = new Curl();
    for (int i = 1; i < words.size(); i++) {
      var word = words.get(i);
      switch (word) {
        case "-H" -> curl.host = words.get(++i).replaceFirst("^Host: *", "");
        case "-k" -> {}
        case "-L", "-kL", "-Lk" -> curl.follows = true;
        case "--resolve" -> curl.resolve(words.get(++i));
        default -> {
          if (word.startsWith("-")) {
            throw new IllegalArgumentException(word + " in " + command);
          }
          curl.url = URI.create(word);
        }
      }
    }
    return curl;
  }

  private static List<String> words(String command) {
    var words = new ArrayList<String>();
    var match = WORD.matcher(command);
    while (match.find()) {
      words.add(match.group(1) == null ? match.group(2) : match.group(1));
    }
    return words;
  }

  private void resolve(String rule) {
    var parts = rule.split(":", 3);
    int port = Integer.parseInt(parts[1]);
    resolved.put(parts[0] + ":" + port, new InetSocketAddress(parts[2], port));
  }

  /** Sends the request, and follows redirects if the command does. */
  public Reply run() throws IOException {
    var reply = get(url);
    for (int redirects = 0; follows && reply.status() / 100 == 3 && redirects < 5; redirects++) {
      url = url.resolve(String.valueOf(reply.field("location")));
      reply = get(url);
    }
    return reply;
  }

  private Reply get(URI from) throws IOException {
    boolean tls = from.getScheme().equals("https");
    int port = from.getPort() >= 0 ? from.getPort() : tls ? 443 : 80;
    var address =
        resolved.getOrDefault(
            from.getHost() + ":" + port, new InetSocketAddress(from.getHost(), port));
    try (var wire = tls ? Wire.tls(address, from.getHost()) : Wire.to(address)) {
      var name = host.isEmpty() ? from.getAuthority() : host;
      return wire.get(name, from.getRawPath().isEmpty() ? "/" : from.getRawPath());
    }
  }
}
