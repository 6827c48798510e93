package io.gamemesh.cluster;

/**
 * Kills all other Java processes of the pod that it is run in. Sent there by {@link KillablePod}, so it must not need any
 * other class.
 */
final class Sigkill {

    private Sigkill() {}

    public static void main(String[] arguments) {
        ProcessHandle self = ProcessHandle.current();
        ProcessHandle.allProcesses()
                .filter(process -> !process.equals(self))
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
