package dev.weir.e2e.garden;

import java.util.ArrayList;
import java.util.List;

/** A walk by hand, with the servers of Debian packages that are installed. */
final class GardenRun {
  private static final int AT_A_TIME = 5_000;

  private GardenRun() {}

  /**
   * Sends inputs until that many are through or something is wrong.
   *
   * @param args number of inputs; seed, random if left out
   */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    int faults = 0;
    for (int done = 0; done < count && faults == 0; done += AT_A_TIME) {
      System.out.println("seed " + seed);
      try (var garden = new Garden(servers())) {
        var result = garden.run(Garden.inputs(seed, Math.min(AT_A_TIME, count - done)));
        System.out.println(result.summary());
        result.faults().forEach(System.out::println);
        faults = result.faults().size();
      }
      seed++;
    }
    System.exit(Math.min(1, faults));
  }

  private static List<RealServer> servers() throws Exception {
    var servers = new ArrayList<>(Garden.usualServers());
    PackagedServer.nginx().ifPresent(servers::add);
    PackagedServer.apache().ifPresent(servers::add);
    System.out.println("servers: " + servers.stream().map(RealServer::name).toList());
    return servers;
  }
}
