# shellcheck shell=bash
# The operator and the sample world in a cluster: putting them there, showing them, taking them away.

install_operator() {
    local report operator server overlay=local
    # shellcheck disable=SC2119 # sets what it needs itself
    report=$("$PROJECT/images/build" "--$KIND" ${PUSH_PREFIX:+--push "$PUSH_PREFIX"})
    load_images "$report"
    operator=$(awk '$1 == "operator" { print $2 }' <<<"$report")
    server=$(awk '$1 == "server" { print $2 }' <<<"$report")
    BOTS_IMAGE=$(awk '$1 == "bots" { print $2 }' <<<"$report")
    if [[ $CLUSTER_KIND == named ]]; then
        overlay=../base
    fi
    kubectl kustomize "$PROJECT/manifests/overlays/$overlay" >"$HOME_DIR/operator.yaml.unfinished"
    sed -E -e "s|gamemesh/operator:[A-Za-z0-9._-]+|$operator|" -e "s|gamemesh/server:[A-Za-z0-9._-]+|$server|" \
        "$HOME_DIR/operator.yaml.unfinished" >"$HOME_DIR/operator.yaml"
    rm "$HOME_DIR/operator.yaml.unfinished"
    logged "applying the operator" "$LOGS/operator.log" apply "$HOME_DIR/operator.yaml"
    logged "waiting for the operator" "$LOGS/operator-rollout.log" \
        kubectl --namespace gamemesh-system rollout status deployment/gamemesh-operator --timeout=180s
}

apply() {
    kubectl apply --server-side --force-conflicts --field-manager=mesh -f "$@"
}

apply_world() {
    local started=$SECONDS
    logged "applying the sample world" "$LOGS/world.log" \
        apply_sample "$PROJECT/crds/samples/demo.yaml" "$(advertised_host)"
    logged "waiting until it is Ready" "$LOGS/world-ready.log" \
        kubectl --namespace "$NAMESPACE" wait --for=condition=Ready "gamemesh/$MESH" --timeout=180s
    say "Ready $((SECONDS - started)) s after it was applied"
}

apply_sample() {
    apply "$1" --namespace "$NAMESPACE"
    if [[ -n $2 ]]; then
        kubectl --namespace "$NAMESPACE" patch gamemeshes "$MESH" --type=merge \
            --patch "{\"spec\": {\"servers\": {\"exposure\": {\"advertisedHost\": \"$2\"}}}}"
    fi
}

send_bots_into_cluster() {
    local bots=$1
    sed -e "s|@IMAGE@|$BOTS_IMAGE|" -e "s|@BOTS@|$bots|" -e "s|@MESH@|$MESH|g" -e "s|@NAMESPACE@|$NAMESPACE|g" \
        "$PROJECT/tests/cluster/bots.yaml" >"$HOME_DIR/bots.yaml"
    logged "sending $bots bots into it" "$LOGS/bots.log" apply "$HOME_DIR/bots.yaml"
    if ! eventually 90 enough_players "$bots"; then
        warn "only $(players) of $bots bots are in the world after 90 s: ./mesh kubectl logs deployment/gamemesh-bots"
    fi
}

enough_players() {
    (($(players) >= $1))
}

players() {
    local count
    count=$(kubectl --namespace "$NAMESPACE" get gamemeshes "$MESH" -o 'jsonpath={.status.players}')
    echo "${count:-0}"
}

print_world() {
    if ! kubectl get gamemeshes --all-namespaces -o name >/dev/null 2>"$LOGS/kubectl.log"; then
        fail "can't see a world: $(tail -n 1 "$LOGS/kubectl.log")" "bring one up: ./mesh up"
    fi
    printf '\nWORLDS\n'
    kubectl get gamemeshes --all-namespaces
    printf '\nSERVERS\n'
    kubectl get gamemeshes --all-namespaces -o "go-template-file=$PROJECT/tests/cluster/lib/servers.gotemplate"
    printf '\nREGIONS\n'
    kubectl get regions --all-namespaces
}

print_where_to_look() {
    cat <<TEXT

Where to look next
  ./mesh status                                    this table, as it is now
  ./mesh bots --players 60 --scenario border       players of your own, from this machine
  ./mesh kubectl describe gamemesh $MESH             conditions and events
  ./mesh kubectl delete pod $MESH-0                  lose a server, and see its regions go to others
  docs/                                            how it works
  ./mesh down                                      take it all down
TEXT
}

# program_of NAME --jvm|--native: the folder with the program as it is in the image, which is built if need be.
program_of() {
    "$PROJECT/images/build" "$2" "$1" | sed -E 's/^[^ ]+ [^ ]+ (.*)\.tar$/\1/'
}

# The bots' own program, on this machine, at the address that the world has for players outside the cluster.
run_bots_here() {
    local address program
    address=$(kubectl --namespace "$NAMESPACE" get gamemeshes "$MESH" --ignore-not-found \
        -o 'jsonpath={.metadata.name} {.status.endpoints.players}')
    [[ -n $address ]] || fail "there is no world '$MESH' in the namespace '$NAMESPACE'" \
        "see which there are: ./mesh status; name one: ./mesh bots --world NAMESPACE/NAME"
    address=${address#* }
    [[ -n $address ]] || fail "the world '$MESH' has no address for players yet" "see: ./mesh status"
    kubectl --namespace "$NAMESPACE" get configmap "$MESH-config" -o 'jsonpath={.data.ca\.crt}' >"$HOME_DIR/ca.crt"
    program=$(program_of bots --jvm)
    exec "$JAVA_HOME/bin/java" -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -cp "$program/*:$program/lib/*" io.gamemesh.client.bot.Bots \
        --server "$address" --ca "$HOME_DIR/ca.crt" --mesh "$MESH.$NAMESPACE" "$@"
}

# Takes away what the sample and the operator made, the objects with finalizers first while somebody releases them.
# Deleting the resource definitions would delete every world of the cluster, so other people's worlds keep the operator.
remove_world_and_operator() {
    local worlds=
    if kubectl get customresourcedefinition gamemeshes.gamemesh.io >/dev/null 2>&1; then
        logged "deleting the sample world" "$LOGS/down.log" kubectl --namespace "$NAMESPACE" delete --ignore-not-found \
            --timeout=120s "deployment/gamemesh-bots" "gamemesh/$MESH"
        worlds=$(kubectl get gamemeshes --all-namespaces --no-headers --ignore-not-found \
            --output custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name)
    fi
    if [[ -n $worlds ]]; then
        fail "the operator stays, since it serves other worlds:" "$worlds" \
            "delete them with kubectl and run the same command again, or leave it at this"
    fi
    logged "deleting the operator" "$LOGS/down.log" \
        kubectl delete --ignore-not-found --timeout=120s -k "$PROJECT/manifests/base"
}
