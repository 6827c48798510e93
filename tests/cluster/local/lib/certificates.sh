# shellcheck shell=bash
# The cluster's certificate authority, certificates and kubeconfig files.

certificates() {
    if [[ -d $STATE/pki ]]; then
        return
    fi
    rm -rf "$STATE/pki.unfinished"
    mkdir -m 0700 "$STATE/pki.unfinished"
    (
        cd "$STATE/pki.unfinished"
        certificate_authority ca gamemesh-local
        # Of its own: whoever it vouches for may say in whose name a request is made.
        certificate_authority front-proxy-ca gamemesh-local-front-proxy
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out service-accounts.key
        openssl pkey -in service-accounts.key -pubout -out service-accounts.pub

        certificate apiserver "/CN=kube-apiserver" "IP:$NODE_ADDRESS,IP:127.0.0.1,IP:$SERVICE_API_ADDRESS,$(
        )DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,$(
        )DNS:kubernetes.default.svc.cluster.local"
        certificate etcd "/CN=etcd" "IP:127.0.0.1"
        certificate kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "IP:$NODE_ADDRESS,DNS:$NODE_NAME"
        certificate admin "/O=system:masters/CN=admin"
        certificate controller-manager "/CN=system:kube-controller-manager"
        certificate scheduler "/CN=system:kube-scheduler"
        certificate proxy "/CN=system:kube-proxy"
        certificate coredns "/CN=coredns"
        AUTHORITY=front-proxy-ca certificate front-proxy "/CN=front-proxy"
        for user in kubelet admin controller-manager scheduler proxy coredns; do
            kubeconfig_file "$user"
        done
    ) >"$LOGS/certificates.log" 2>&1 || fail "making the cluster's certificates" "see $LOGS/certificates.log"
    mv "$STATE/pki.unfinished" "$STATE/pki"
    install -m 0600 "$STATE/pki/admin.kubeconfig" "$KUBECONFIG_FILE"
}

# certificate_authority NAME COMMON_NAME
certificate_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$2" \
        -keyout "$1.key" -out "$1.crt" -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature
}

# [AUTHORITY=ca] certificate NAME SUBJECT [SUBJECT ALTERNATIVE NAMES]
# RSA, since Fabric8 reads no other keys from a kubeconfig without Bouncy Castle.
certificate() {
    openssl req -new -newkey rsa:2048 -nodes -subj "$2" -keyout "$1.key" -out "$1.csr"
    {
        echo "extendedKeyUsage=clientAuth,serverAuth"
        if [[ -n ${3:-} ]]; then
            echo "subjectAltName=$3"
        fi
    } >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "${AUTHORITY:-ca}.crt" -CAkey "${AUTHORITY:-ca}.key" -CAcreateserial \
        -days 3650 -extfile "$1.ext" -out "$1.crt"
    rm "$1.csr" "$1.ext"
}

kubeconfig_file() {
    cat >"$1.kubeconfig" <<YAML
apiVersion: v1
kind: Config
current-context: gamemesh-local
contexts:
  - name: gamemesh-local
    context: {cluster: gamemesh-local, user: $1}
clusters:
  - name: gamemesh-local
    cluster:
      server: https://$NODE_ADDRESS:6443
      certificate-authority-data: $(base64 -w0 ca.crt)
users:
  - name: $1
    user:
      client-certificate-data: $(base64 -w0 "$1.crt")
      client-key-data: $(base64 -w0 "$1.key")
YAML
}
