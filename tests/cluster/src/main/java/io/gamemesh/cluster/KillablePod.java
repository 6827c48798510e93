package io.gamemesh.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A game server's pod whose process can be killed from inside. The image has nothing in it but the server, so the program
 * that kills is put there by a ConfigMap; and the first process of a container can't be killed by others of it, so the
 * pod's containers share their processes, of which the first is then none of theirs.
 */
public final class KillablePod {

    private static final String NAME = "sigkill";
    private static final String FOLDER = "/opt/sigkill";

    /** {@code kill(-1, SIGKILL)}, which is all processes that may be signalled but the caller and the first; then exit(0). */
    private static final String INSTRUCTIONS =
            // mov eax, 62; mov rdi, -1; mov esi, 9; syscall
            "b83e000000" + "48c7c7ffffffff" + "be09000000" + "0f05"
                    // mov eax, 60; xor edi, edi; syscall
                    + "b83c000000" + "31ff" + "0f05";

    private static final int HEADER = 64;
    private static final int SEGMENT_HEADER = 56;
    private static final long ADDRESS = 0x400000;

    private KillablePod() {}

    /** The ConfigMap that the pod template needs. */
    public static ConfigMap configMap() {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .addToBinaryData(NAME, Base64.getEncoder().encodeToString(program()))
                .build();
    }

    /** For {@code spec.servers.template.spec}. */
    public static String podSpec() {
        return """
                shareProcessNamespace: true
                containers:
                  - name: game-server
                    volumeMounts:
                      - {name: %1$s, mountPath: %2$s, readOnly: true}
                volumes:
                  - name: %1$s
                    configMap: {name: %1$s, defaultMode: 0555}
                """.formatted(NAME, FOLDER);
    }

    static String[] command() {
        return new String[] {FOLDER + "/" + NAME};
    }

    /**
     * An executable for Linux on x86-64 without any library, of one segment.
     *
     * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI, object files</a>
     */
    private static byte[] program() {
        byte[] instructions = HexFormat.of().parseHex(INSTRUCTIONS);
        int size = HEADER + SEGMENT_HEADER + instructions.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        // e_ident: magic, 64 bits, little-endian, version 1, System V.
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        // e_type: an executable; e_machine: x86-64; e_version.
        elf.putShort((short) 2).putShort((short) 62).putInt(1);
        // e_entry, e_phoff, e_shoff, e_flags.
        elf.putLong(ADDRESS + HEADER + SEGMENT_HEADER)
                .putLong(HEADER)
                .putLong(0)
                .putInt(0);
        // e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx.
        elf.putShort((short) HEADER).putShort((short) SEGMENT_HEADER).putShort((short) 1);
        elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        // p_type: load; p_flags: read and execute; p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align.
        elf.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
        elf.putLong(size).putLong(size).putLong(0x1000);
        return elf.put(instructions).array();
    }
}
