package io.gamemesh.minestom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import net.minestom.server.MinecraftServer;
import net.minestom.server.coordinate.Pos;
import net.minestom.server.event.player.AsyncPlayerConfigurationEvent;
import net.minestom.server.event.server.ServerTickMonitorEvent;
import net.minestom.server.instance.Chunk;
import net.minestom.server.instance.InstanceContainer;
import net.minestom.server.instance.LightingChunk;
import net.minestom.server.instance.block.Block;

/**
 * A Minestom server as its documentation begins one: offline, one flat and lit instance, all else as it comes. Says
 * {@code port NUMBER}, then {@code ticks NUMBER} for every line that it reads.
 */
public final class MinestomServer {

    // What players can see of a square of 500 m, in chunks.
    private static final int CHUNKS = 25;

    private MinestomServer() {}

    /** Serves until there are no more lines. */
    public static void main(String[] arguments) throws IOException {
        MinecraftServer server = MinecraftServer.init();
        InstanceContainer instance = MinecraftServer.getInstanceManager().createInstanceContainer();
        instance.setChunkSupplier(LightingChunk::new);
        instance.setGenerator(unit -> {
            unit.modifier().fillHeight(-64, -3, Block.STONE);
            unit.modifier().fillHeight(-3, 0, Block.DIRT);
            unit.modifier().fillHeight(0, 1, Block.GRASS_BLOCK);
        });
        load(instance);
        MinecraftServer.getGlobalEventHandler().addListener(AsyncPlayerConfigurationEvent.class, event -> {
            event.setSpawningInstance(instance);
            event.getPlayer().setRespawnPoint(new Pos(0, 1, 0));
        });
        AtomicLong ticks = new AtomicLong();
        MinecraftServer.getGlobalEventHandler().addListener(ServerTickMonitorEvent.class, _ -> ticks.incrementAndGet());
        server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        System.out.println("port " + MinecraftServer.getServer().getPort());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            System.out.println("ticks " + ticks.get());
        }
        MinecraftServer.stopCleanly();
        System.exit(0);
    }

    /** With their light, so that none of it is counted as play. */
    private static void load(InstanceContainer instance) {
        List<CompletableFuture<Chunk>> chunks = new ArrayList<>();
        for (int x = -CHUNKS; x <= CHUNKS; x++) {
            for (int z = -CHUNKS; z <= CHUNKS; z++) {
                chunks.add(instance.loadChunk(x, z));
            }
        }
        List<Chunk> loaded = chunks.stream().map(CompletableFuture::join).toList();
        LightingChunk.relight(instance, loaded);
    }
}
