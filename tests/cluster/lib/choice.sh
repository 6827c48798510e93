# shellcheck shell=bash
# Which cluster is used, and how to reach it. `./mesh up` chooses, all other commands use what was chosen.

# Options of the command line; both may be empty.
KUBECONFIG_OPTION=
CONTEXT_OPTION=
CHOICE=$HOME_DIR/cluster

# The cluster that was named; else kind where containers run; else the local Kubernetes.
choose_cluster() {
    CLUSTER_KIND=local
    if [[ -n $KUBECONFIG_OPTION$CONTEXT_OPTION ]]; then
        CLUSTER_KIND=named
    elif docker info >/dev/null 2>&1 || podman info >/dev/null 2>&1; then
        CLUSTER_KIND=kind
    fi
    CLUSTER_KUBECONFIG=$KUBECONFIG_OPTION
    CLUSTER_CONTEXT=$CONTEXT_OPTION
}

remember_cluster() {
    printf '%s\n%s\n%s\n' "$CLUSTER_KIND" "$CLUSTER_KUBECONFIG" "$CLUSTER_CONTEXT" >"$CHOICE.new"
    mv "$CHOICE.new" "$CHOICE"
}

forget_cluster() {
    rm -f "$CHOICE"
}

# The cluster that the options name, else the one that was last brought up.
use_cluster() {
    if [[ -n $KUBECONFIG_OPTION$CONTEXT_OPTION ]]; then
        choose_cluster
    elif [[ -r $CHOICE ]]; then
        {
            read -r CLUSTER_KIND
            read -r CLUSTER_KUBECONFIG
            read -r CLUSTER_CONTEXT
        } <"$CHOICE"
    else
        fail "no cluster was brought up yet" "run: ./mesh up" "or name one with --kubeconfig or --context"
    fi
}

cluster_script() {
    "$PROJECT/tests/cluster/$CLUSTER_KIND/cluster" "$@"
}

cluster_up() {
    if [[ $CLUSTER_KIND != named ]]; then
        cluster_script up
    elif ! kubectl get --raw /readyz >/dev/null 2>"$LOGS/kubectl.log"; then
        fail "the cluster that was named does not answer: $(tail -n 1 "$LOGS/kubectl.log")" \
            "look at: kubectl --kubeconfig '$CLUSTER_KUBECONFIG' --context '$CLUSTER_CONTEXT' get nodes"
    fi
}

kubectl() {
    if [[ $CLUSTER_KIND != named ]]; then
        cluster_script kubectl "$@"
        return
    fi
    local options=()
    if [[ -n $CLUSTER_KUBECONFIG ]]; then
        options+=(--kubeconfig "$CLUSTER_KUBECONFIG")
    fi
    if [[ -n $CLUSTER_CONTEXT ]]; then
        options+=(--context "$CLUSTER_CONTEXT")
    fi
    if have_program kubectl; then
        command kubectl ${options[@]+"${options[@]}"} "$@"
    elif [[ -x $HOME_DIR/bin/current/kubectl ]]; then
        "$HOME_DIR/bin/current/kubectl" ${options[@]+"${options[@]}"} "$@"
    else
        fail "kubectl is not installed" "see https://kubernetes.io/docs/tasks/tools/"
    fi
}

# The address at which this machine reaches the node ports of the cluster, if that is not the node's own.
advertised_host() {
    if [[ $CLUSTER_KIND == kind && $(uname -s) != Linux ]]; then
        echo 127.0.0.1
    fi
}

# load_images REPORT: brings the images of `images/build` to the cluster's nodes.
load_images() {
    local name reference file present
    if [[ $CLUSTER_KIND == named ]]; then
        if [[ -z $PUSH_PREFIX ]]; then
            fail "a cluster that was named gets its images from a registry" \
                "say which: ./mesh up --context … --push registry.example.com/games"
        fi
        return
    fi
    present=$(cluster_script images)
    while read -r name reference file; do
        if ! grep -q "/$reference\$" <<<"$present"; then
            logged "loading the image of: $name" "$LOGS/load-$name.log" cluster_script load "$file"
        fi
    done <<<"$1"
}
