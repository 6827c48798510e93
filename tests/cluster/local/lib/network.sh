# shellcheck shell=bash
# The node's own address on a bridge of its own, and what has to be put back in the machine's network afterwards.

BRIDGE=gamemesh0
# Settings that the cluster, or its kubelet, changes.
SETTINGS=(net.ipv4.ip_forward vm.overcommit_memory kernel.panic kernel.panic_on_oops)

network_up() {
    local setting
    if [[ ! -e $STATE/settings ]]; then
        for setting in "${SETTINGS[@]}"; do
            echo "$setting=$(sysctl -n "$setting")"
        done >"$STATE/settings.new"
        mv "$STATE/settings.new" "$STATE/settings"
    fi
    sysctl -q -w net.ipv4.ip_forward=1
    if ! ip link show "$BRIDGE" >/dev/null 2>&1; then
        refuse_another_kubernetes
        ip link add "$BRIDGE" type bridge
    fi
    ip address replace "$NODE_ADDRESS/32" dev "$BRIDGE"
    ip link set "$BRIDGE" up
    # Until kube-proxy knows a service its address is nobody's: what is sent there must not leave the machine.
    ip route replace "$SERVICE_NETWORK" dev "$BRIDGE"
}

refuse_another_kubernetes() {
    if iptables -t nat -S 2>/dev/null | grep -q -e '-N KUBE-SERVICES'; then
        fail "another Kubernetes runs on this machine (its iptables chains are there)" \
            "use it with --kubeconfig or --context, or take it down first"
    fi
}

network_down() {
    local tables
    for tables in iptables ip6tables; do
        remove_chains "$tables"
    done
    if ip link show "$BRIDGE" >/dev/null 2>&1; then
        ip link delete "$BRIDGE"
    fi
    remove_namespaces
    if [[ -e $STATE/settings ]]; then
        sysctl -q -p "$STATE/settings"
    fi
}

# Network namespaces of pods that their container runtime did not live to remove, told by their addresses.
remove_namespaces() {
    local file
    for file in /run/netns/cni-*; do
        if [[ -e $file && $(ip -n "${file##*/}" -o -4 address show) == *" ${POD_NETWORK%.*.*}."* ]]; then
            ip netns delete "${file##*/}"
        fi
    done
}

# Removes the chains of kube-proxy (KUBE-) and of the port mapping plugin (CNI-), and all rules that lead to them.
remove_chains() {
    local tables=$1 table action
    for table in nat filter mangle; do
        "$tables" -t "$table" -S 2>/dev/null |
            awk '/^-A / && / (KUBE|CNI)-/ && $2 !~ /^(KUBE|CNI)-/ { sub("-A", "-D"); print }' |
            xargs -r -L 1 "$tables" -w -t "$table"
        # A chain is removed only once no other chain leads to it: first all of them are emptied.
        for action in -F -X; do
            "$tables" -t "$table" -S 2>/dev/null | awk '/^-N (KUBE|CNI)-/ { print $2 }' |
                xargs -r -n 1 "$tables" -w -t "$table" "$action"
        done
    done
}
