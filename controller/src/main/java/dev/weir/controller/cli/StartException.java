package dev.weir.controller.cli;

import dev.weir.controller.source.SourceException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The program can't start; the message is one sentence. Ends with exit code 1. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message) {
    super(message);
  }

  static StartException of(SourceException cause) {
    return new StartException(String.valueOf(cause.getMessage()));
  }

  /**
   * A port can't be had.
   *
   * @param flag chooses another one
   */
  static StartException cantListen(InetSocketAddress address, String flag, IOException cause) {
    return new StartException(
        "can't listen on "
            + NetUtil.toSocketAddressString(address)
            + ": "
            + cause.getMessage()
            + "; end the program that listens there, or choose another port with "
            + flag);
  }
}
