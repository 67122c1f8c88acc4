package dev.weir.dataplane.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;

/**
 * Stands in a listening socket's pipeline, in front of what makes a connection of what was
 * accepted: a connection that can't be had is closed before it costs anything, and where there can
 * be no more of them the listener rests until it is told to go on. Owned by the listener's loop.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
  private final ClientDoor door;

  AcceptGate(ClientDoor door) {
    this.door = door;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (door.admits((SocketChannel) message)) {
      ctx.fireChannelRead(message);
    } else {
      // Not registered yet, so there is no loop to close it on.
      ((SocketChannel) message).unsafe().closeForcibly();
    }
    if (door.full()) {
      ctx.channel().config().setAutoRead(false);
    }
  }
}
