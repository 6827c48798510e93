# shellcheck shell=bash
# The executables of the cluster, built from Go modules once for each state of their sources.

sources_hash() {
    (cd "$HERE" && cat kubernetes/*.go kubernetes/go.* kubernetes/pause/*.go coredns/*.go coredns/go.* lib/build.sh) |
        sha256sum | cut -c1-12
}

build() {
    local built
    built=$HOME_DIR/bin/$(sources_hash)
    if [[ ! -d $built ]]; then
        find_go
        local unfinished=$built.unfinished
        mkdir -p "$unfinished"
        logged "downloading the Go modules of Kubernetes" "$LOGS/build-modules.log" download_modules
        logged "compiling CoreDNS" "$LOGS/build-coredns.log" go_build coredns . "$unfinished/coredns"
        logged "compiling the pause process" "$LOGS/build-pause.log" go_build kubernetes ./pause "$unfinished/pause"
        logged "compiling Kubernetes (6 minutes on 2 cores)" "$LOGS/build-kubernetes.log" \
            go_build kubernetes . "$unfinished/kubernetes"
        pack_pause_image "$unfinished"
        printf '#!/bin/sh\nexec "%s/kubernetes" kubectl "$@"\n' "$built" >"$unfinished/kubectl"
        chmod +x "$unfinished/kubectl"
        mv "$unfinished" "$built"
        find "$HOME_DIR/bin" -mindepth 1 -maxdepth 1 -type d -mtime +7 ! -path "$built" -exec rm -r {} +
    fi
    ln -sfn "$built" "$HOME_DIR/bin/current"
}

find_go() {
    PATH=$PATH:/usr/local/go/bin:/usr/lib/go/bin
    have go || fail "no Go toolchain on the PATH" "install Go 1.25 or later: https://go.dev/doc/install"
    local minor
    minor=$(go env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/')
    # From 1.21 on, Go fetches the toolchain that a module asks for.
    ((minor >= 21)) || fail "$(go version) is too old" "install Go 1.25 or later: https://go.dev/doc/install"
}

download_modules() {
    (cd "$HERE/kubernetes" && go mod download) && (cd "$HERE/coredns" && go mod download)
}

go_build() (
    cd "$HERE/$1" || exit
    version=$(awk '$1 == "k8s.io/kubernetes" { print $2 }' "$HERE/kubernetes/go.mod")
    variables=k8s.io/component-base/version
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$3" -ldflags "-s -w
        -X $variables.gitVersion=$version
        -X $variables.gitMajor=$(cut -d. -f1 <<<"${version#v}")
        -X $variables.gitMinor=$(cut -d. -f2 <<<"$version")" "$2"
)

# A container image in the format of `docker save`, with the pause process as its only file.
pack_pause_image() {
    local folder=$1/pause-image diff_id
    mkdir -p "$folder"
    tar -C "$1" --owner=0 --group=0 --mtime=@0 -cf "$folder/layer.tar" pause
    diff_id=$(sha256sum "$folder/layer.tar" | cut -d' ' -f1)
    cat >"$folder/config.json" <<JSON
{"architecture": "$(go env GOARCH)", "os": "linux", "config": {"Entrypoint": ["/pause"], "User": "65535:65535"},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$diff_id"]}}
JSON
    cat >"$folder/manifest.json" <<JSON
[{"Config": "config.json", "RepoTags": ["$PAUSE_IMAGE"], "Layers": ["layer.tar"]}]
JSON
    tar -C "$folder" -cf "$1/pause.tar" manifest.json config.json layer.tar
    rm -r "$folder" "$1/pause"
}
