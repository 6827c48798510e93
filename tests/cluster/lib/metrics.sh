# shellcheck shell=bash
# The metrics API of a cluster, metrics.k8s.io, which HorizontalPodAutoscalers and `kubectl top` read.

METRICS_API=v1beta1.metrics.k8s.io

# A cluster that has one keeps it; else the image of metrics-server is built, if need be, and put there.
install_metrics_api() {
    if metrics_api_is_available; then
        return
    fi
    if [[ $CLUSTER_KIND == named ]]; then
        fail "the cluster that was named has no metrics API" \
            "install metrics-server in it: https://github.com/kubernetes-sigs/metrics-server#installation"
    fi
    local report image kubelet=--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    if [[ $CLUSTER_KIND == kind ]]; then
        # Its kubelets sign their certificates themselves.
        kubelet=--kubelet-insecure-tls
    fi
    report=$("$PROJECT/tests/cluster/metrics-server/build")
    load_images "$report"
    image=$(awk '{ print $2 }' <<<"$report")
    sed -e "s|@IMAGE@|$image|" -e "s|@KUBELET@|$kubelet|" "$PROJECT/tests/cluster/metrics-server/metrics-server.yaml" \
        >"$HOME_DIR/metrics-server.yaml"
    logged "applying metrics-server" "$LOGS/metrics-server.log" apply "$HOME_DIR/metrics-server.yaml"
    logged "waiting for its first measurements" "$LOGS/metrics-server-rollout.log" await_metrics
}

metrics_api_is_available() {
    kubectl get apiservices "$METRICS_API" \
        -o 'jsonpath={.status.conditions[?(@.type=="Available")].status}' 2>/dev/null | grep -qx True
}

await_metrics() {
    kubectl --namespace kube-system rollout status deployment/metrics-server --timeout=120s
    kubectl wait --for=condition=Available "apiservice/$METRICS_API" --timeout=60s
    eventually 60 kubectl top nodes
}
