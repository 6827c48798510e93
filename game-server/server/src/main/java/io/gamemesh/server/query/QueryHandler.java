package io.gamemesh.server.query;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One query: answers at once and says that it is done, then waits for the other side to close. Closing first would
 * discard the answer where a request line is still unread (RFC 1122, section 4.2.2.13).
 */
final class QueryHandler extends SimpleChannelInboundHandler<ByteBuf> {
    /** A request is one line and is ignored; more than this is not one. */
    private static final int MAX_REQUEST_BYTES = 1024;

    private final Supplier<ServerStatus> status;
    private final Duration timeout;
    private int received;
    private @Nullable Future<?> deadline;

    QueryHandler(Supplier<ServerStatus> status, Duration timeout) {
        this.status = status;
        this.timeout = timeout;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> {
                            ChannelFuture _ = ctx.close();
                        },
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        ChannelFuture _ = ctx.writeAndFlush(
                        ByteBufUtil.writeUtf8(ctx.alloc(), status.get().toJson() + "\n"))
                .addListener(written -> {
                    ChannelFuture _ = ((SocketChannel) ctx.channel()).shutdownOutput();
                });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
        received += request.readableBytes();
        if (received > MAX_REQUEST_BYTES) {
            ChannelFuture _ = ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            // The other side has gone; nobody is left to be told.
            ChannelFuture _ = ctx.close();
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }
}
