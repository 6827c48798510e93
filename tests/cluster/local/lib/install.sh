# shellcheck shell=bash
# What the cluster needs from the machine.

CNI_FOLDERS=(/usr/lib/cni /opt/cni/bin /usr/libexec/cni)

install_packages() {
    local missing
    missing=$(missing_packages)
    if [[ -z $missing ]]; then
        return
    fi
    if ! have apt-get; then
        fail "missing on this machine: $missing (names of Debian packages)" "install them, then run this again"
    fi
    say "installing: $missing"
    # shellcheck disable=SC2086 # one word a package
    logged "apt-get install" "$LOGS/apt.log" apt_install $missing
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends "$@"
}

missing_packages() {
    local pair
    {
        for pair in containerd:containerd ctr:containerd runc:runc iptables:iptables conntrack:conntrack ip:iproute2 \
            openssl:openssl sysctl:procps setsid:util-linux flock:util-linux mount:mount; do
            have "${pair%:*}" || echo "${pair#*:}"
        done
        cni_folder >/dev/null || echo containernetworking-plugins
    } | sort -u | tr '\n' ' ' | sed 's/ $//'
}

cni_folder() {
    local folder
    for folder in "${CNI_FOLDERS[@]}"; do
        if [[ -x $folder/ptp && -x $folder/portmap ]]; then
            echo "$folder"
            return
        fi
    done
    return 1
}
