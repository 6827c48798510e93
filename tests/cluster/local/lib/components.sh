# shellcheck shell=bash
# The cluster's processes, in the order in which they need each other.

ETCD=https://127.0.0.1:12379

# Written in place: containerd watches the folder of the network's configuration, and not one put in its stead.
configure() {
    local file capacity_isolation=false
    # The kubelet can only measure file systems that are on a block device it sees.
    if [[ -b $(df --output=source "$STATE" | tail -n 1) ]]; then
        capacity_isolation=true
    fi
    mkdir -p "$STATE/config/cni"
    for file in "$HERE"/config/*; do
        sed -e "s|@STATE@|$STATE|g" -e "s|@RUN@|$RUN|g" -e "s|@NODE_ADDRESS@|$NODE_ADDRESS|g" \
            -e "s|@POD_NETWORK@|$POD_NETWORK|g" -e "s|@PAUSE_IMAGE@|$PAUSE_IMAGE|g" \
            -e "s|@CNI_FOLDER@|$(cni_folder)|g" -e "s|@CAPACITY_ISOLATION@|$capacity_isolation|g" \
            "$file" >"$STATE/config/$(basename "$file")"
    done
    mv "$STATE/config/cni.conflist" "$STATE/config/cni/10-gamemesh.conflist"
}

start_containerd() {
    start containerd containerd --config "$STATE/config/containerd.toml"
    healthy 30 containerd containers version
    if [[ -z $(containers images list -q "name==docker.io/$PAUSE_IMAGE") ]]; then
        containers images import "$HOME_DIR/bin/current/pause.tar" >"$LOGS/pause-image.log" 2>&1 ||
            fail "importing the pause image" "see $LOGS/pause-image.log"
    fi
}

containers() {
    ctr --address "$RUN/containerd.sock" --namespace k8s.io "$@"
}

# The data is thrown away with the cluster, so no write waits for the disk.
start_etcd() {
    start etcd "$KUBERNETES" etcd --name local --data-dir "$STATE/etcd" --unsafe-no-fsync --log-level warn \
        --listen-client-urls "$ETCD" --advertise-client-urls "$ETCD" \
        --listen-peer-urls http://127.0.0.1:12380 --initial-advertise-peer-urls http://127.0.0.1:12380 \
        --initial-cluster local=http://127.0.0.1:12380 \
        --client-cert-auth --trusted-ca-file "$PKI/ca.crt" --cert-file "$PKI/etcd.crt" --key-file "$PKI/etcd.key"
}

start_api_server() {
    start kube-apiserver "$KUBERNETES" kube-apiserver \
        --bind-address "$NODE_ADDRESS" --advertise-address "$NODE_ADDRESS" --secure-port 6443 \
        --etcd-servers "$ETCD" --etcd-cafile "$PKI/ca.crt" \
        --etcd-certfile "$PKI/apiserver.crt" --etcd-keyfile "$PKI/apiserver.key" \
        --client-ca-file "$PKI/ca.crt" --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" \
        --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
        --service-cluster-ip-range "$SERVICE_NETWORK" \
        --service-account-issuer https://kubernetes.default.svc.cluster.local \
        --service-account-key-file "$PKI/service-accounts.pub" \
        --service-account-signing-key-file "$PKI/service-accounts.key" \
        --kubelet-certificate-authority "$PKI/ca.crt" --kubelet-preferred-address-types InternalIP \
        --kubelet-client-certificate "$PKI/admin.crt" --kubelet-client-key "$PKI/admin.key" \
        --requestheader-client-ca-file "$PKI/front-proxy-ca.crt" --requestheader-allowed-names front-proxy \
        --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
        --requestheader-extra-headers-prefix X-Remote-Extra- \
        --proxy-client-cert-file "$PKI/front-proxy.crt" --proxy-client-key-file "$PKI/front-proxy.key"
    healthy 60 kube-apiserver kubectl get --raw /readyz
}

start_controllers() {
    start kube-controller-manager "$KUBERNETES" kube-controller-manager --bind-address 127.0.0.1 \
        --kubeconfig "$PKI/controller-manager.kubeconfig" --use-service-account-credentials --leader-elect=false \
        --service-account-private-key-file "$PKI/service-accounts.key" --root-ca-file "$PKI/ca.crt" \
        --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key"
    start kube-scheduler "$KUBERNETES" kube-scheduler --bind-address 127.0.0.1 \
        --kubeconfig "$PKI/scheduler.kubeconfig" --leader-elect=false
}

start_node() {
    # What pods use is measured by the kubelet's cAdvisor, which asks containerd which control group is whose.
    start kubelet "$KUBERNETES" kubelet --kubeconfig "$PKI/kubelet.kubeconfig" --config "$STATE/config/kubelet.yaml" \
        --containerd "$RUN/containerd.sock" --root-dir "$STATE/kubelet" --hostname-override "$NODE_NAME" \
        --node-ip "$NODE_ADDRESS"
    # Node ports are open on the node's address alone, and the machine's connection tracking stays as it is.
    start kube-proxy "$KUBERNETES" kube-proxy --kubeconfig "$PKI/proxy.kubeconfig" --proxy-mode iptables \
        --hostname-override "$NODE_NAME" --cluster-cidr "$POD_NETWORK" --nodeport-addresses "$NODE_ADDRESS/32" \
        --iptables-localhost-nodeports=false --oom-score-adj 0 --conntrack-max-per-core 0 --conntrack-min 0 \
        --conntrack-tcp-timeout-established 0s --conntrack-tcp-timeout-close-wait 0s \
        --metrics-bind-address 127.0.0.1:10249 --healthz-bind-address 127.0.0.1:10256
}

start_services() {
    kubectl apply -f "$STATE/config/services.yaml" >"$LOGS/services.log" 2>&1 ||
        fail "applying what CoreDNS and volumes need" "see $LOGS/services.log"
    start coredns "$HOME_DIR/bin/current/coredns" -conf "$STATE/config/Corefile"
    start volumes "$KUBERNETES" provide-volumes "$PKI/admin.kubeconfig" "$STATE/volumes"
}

await_cluster() {
    healthy 90 kubelet kubectl wait --for=condition=Ready "node/$NODE_NAME" --timeout=2s
    healthy 30 kube-controller-manager kubectl get serviceaccount default
    healthy 30 coredns curl --fail --silent "http://$NODE_ADDRESS:8181/ready"
}

kubectl() {
    "$HOME_DIR/bin/current/kubectl" --kubeconfig "$KUBECONFIG_FILE" "$@"
}

# Takes down the pods through the container runtime, since only so all they hold on the machine is released.
remove_pods() {
    if running containerd; then
        "$KUBERNETES" remove-pods "unix://$RUN/containerd.sock" >"$LOGS/remove-pods.log" 2>&1 ||
            warn "some pods were not removed in order: see $LOGS/remove-pods.log"
    fi
}

# What is left when a process was killed: shims of our containerd, mounts below our folders, control groups of pods.
remove_leftovers() {
    local process mount group
    for process in /proc/[0-9]*; do
        if tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q "^[^ ]*containerd-shim.* -address $RUN/containerd.sock"; then
            kill -KILL "${process#/proc/}" 2>/dev/null || true
        fi
    done
    awk -v state="$STATE/" -v run="$RUN/" 'index($2, state) == 1 || index($2, run) == 1 { print $2 }' /proc/mounts |
        sort -r | while read -r mount; do
            umount -l "$mount"
        done
    rm -f /var/lib/cni/results/gamemesh-local-*
    for group in /sys/fs/cgroup/*/kubepods /sys/fs/cgroup/kubepods; do
        if [[ -d $group ]]; then
            find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
        fi
    done
}
