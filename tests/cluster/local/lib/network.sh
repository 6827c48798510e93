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
    if [[ -e $STATE/settings ]]; then
        sysctl -q -p "$STATE/settings"
    fi
}

# Removes the chains of kube-proxy (KUBE-) and of the port mapping plugin (CNI-), and all rules that lead to them.
remove_chains() {
    local tables=$1 table rule chain
    for table in nat filter mangle; do
        "$tables" -t "$table" -S 2>/dev/null | grep -E '^-A (.* )?(KUBE|CNI)-' | grep -vE '^-A (KUBE|CNI)-' |
            while read -r rule; do
                # The rule comes quoted as a shell would read it.
                eval "$tables -w -t $table -D ${rule#-A }"
            done
        for chain in $("$tables" -t "$table" -S 2>/dev/null | awk '/^-N (KUBE|CNI)-/ { print $2 }'); do
            "$tables" -w -t "$table" -F "$chain"
        done
        for chain in $("$tables" -t "$table" -S 2>/dev/null | awk '/^-N (KUBE|CNI)-/ { print $2 }'); do
            "$tables" -w -t "$table" -X "$chain"
        done
    done
}
