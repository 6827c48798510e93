# shellcheck shell=bash
# Finds a JDK that can build the project.

# Sets JAVA_HOME: what it says already, then the usual places, then the `java` on the PATH.
find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* \
        "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$(home_of_java_on_path)"; do
        if is_jdk_25 "$candidate"; then
            export JAVA_HOME=$candidate
            return
        fi
    done
    fail "no JDK 25 or later found" \
        "install one (https://adoptium.net, or: sdk install java 25-tem), or set JAVA_HOME to it"
}

is_jdk_25() {
    [[ -x $1/bin/javac && -r $1/release ]] || return 1
    local major
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [[ -n $major ]] && ((major >= 25))
}

home_of_java_on_path() {
    if have java; then
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p'
    fi
}

find_maven() {
    have mvn || fail "no Maven found" "install Maven 3.8.7 or later: https://maven.apache.org/download.cgi"
}

# Sets GRAALVM_HOME: what it says already, then a JDK that has native-image, then the native-image on the PATH. Fails where
# there is none, or it is not for Linux, where the executables run.
find_graalvm() {
    local candidate
    [[ $(uname -s) == Linux ]] || return 1
    for candidate in "${GRAALVM_HOME:-}" "${JAVA_HOME:-}" "$(home_of_native_image_on_path)"; do
        if [[ -n $candidate && -x $candidate/bin/native-image ]] && is_jdk_25 "$candidate"; then
            export GRAALVM_HOME=$candidate
            return
        fi
    done
    return 1
}

home_of_native_image_on_path() {
    local program
    if program=$(type -P native-image); then
        dirname "$(dirname "$(readlink -f "$program")")"
    fi
}

# Sets KIND, how operator and server run: natively where GraalVM is there, unless Java was asked for.
choose_kind() {
    if [[ $KIND == jvm ]]; then
        return
    elif find_graalvm; then
        KIND=native
        return
    elif [[ $KIND == native ]]; then
        warn "no GraalVM found for native executables: operator and game servers run on Java instead"
        warn "set GRAALVM_HOME to a GraalVM or Mandrel for JDK 25 on Linux, or put its native-image on the PATH"
    else
        say "operator and game servers run on Java, as no GraalVM was found (GRAALVM_HOME, native-image)"
    fi
    KIND=jvm
}
