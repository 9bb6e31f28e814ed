# What ./dev needs from Debian 12, by purpose, and how it comes onto the machine. Sourced by ./dev.
#
# "package:command" is satisfied by the command, wherever it comes from; a plain package is not.

declare -A packages=(
    [build]="clang-19 lld-19 python3:python3 cmake:cmake ninja-build:ninja ccache:ccache
             pkg-config:pkg-config
             libboost1.81-dev libboost-json1.81-dev libssl-dev libsqlite3-dev libfmt-dev
             libc-ares-dev libmimalloc-dev libcli11-dev libtomlplusplus-dev"
    [run]="ffmpeg:ffmpeg bubblewrap:bwrap ca-certificates fonts-dejavu-core fonts-wqy-microhei"
    [test]="libgtest-dev libclang-rt-19-dev clang-format-19 python3-venv
            openssl:openssl zsh:zsh fish:fish"
    [clients]="nodejs:node npm:npm php-cli:php ruby:ruby"
    [bench]="redis-tools:redis-check-rdb"
)
declare -A purposes=(
    [build]="compile the server"
    [run]="probe and transcode videos"
    [test]="run the tests"
    [clients]="run the official Node SDKs and the guide's code for receivers"
    [bench]="measure beside Redis Streams"
)

is_installed() {  # PACKAGE[:COMMAND]
    case $1 in
        python3-venv)
            python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
                2>/dev/null
            ;;
        *:*) command -v "${1#*:}" >/dev/null ;;
        *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
    esac
}

# Shows how far a command is by counting the lines of its output that match.
progress() {  # TITLE TOTAL PATTERN
    local title=$1 total=$2 pattern=$3 count=0 percent shown=-1 line
    while IFS= read -r line; do
        [[ $line =~ $pattern ]] || continue
        count=$((count + 1)) percent=$((count >= total ? 100 : 100 * count / total))
        if [ -t 1 ]; then
            printf '\r    %s: %3d %%' "$title" "$percent"
        elif [ $((percent / 20)) -gt $((shown / 20)) ] || [ $shown -lt 0 ]; then
            printf '    %s: %d %%\n' "$title" "$percent"
            shown=$percent
        fi
    done
    [ ! -t 1 ] || printf '\r    %s: done \n' "$title"
}

# Installs what the purposes need and is missing; says so first.
need() {  # PURPOSE...
    local purpose package missing=() wanted reasons=()
    for purpose in "$@"; do
        wanted=()
        for package in ${packages[$purpose]}; do
            is_installed "$package" || wanted+=("${package%%:*}")
        done
        [ ${#wanted[@]} -eq 0 ] || reasons+=("to ${purposes[$purpose]}: ${wanted[*]}")
        missing+=("${wanted[@]}")
    done
    [ ${#missing[@]} -eq 0 ] || install_packages
}

install_packages() {  # uses `missing` and `reasons` of need
    local as_root=() apt_options log=build/apt.log total
    say "Debian packages are missing and will be installed:"
    printf '    %s\n' "${reasons[@]}"
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
        fail "this machine has no apt-get. Hookreel is built on Debian 12; install the programs" \
            "and libraries above by hand, or use a Debian 12 container"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; } ||
            fail "installing needs root or sudo. As root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    apt_options=(-y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
    mkdir -p build
    "${as_root[@]}" apt-get -q update >"$log" 2>&1 || apt_failed update
    total=$(apt-get -s "${apt_options[@]}" install "${missing[@]}" 2>>"$log" | grep -c '^Inst ') ||
        apt_failed "install ${missing[*]}"
    "${as_root[@]}" apt-get "${apt_options[@]}" install "${missing[@]}" 2>&1 | tee -a "$log" |
        progress "$total packages" $((total * 3)) '^(Get:|Unpacking |Setting up )' ||
        apt_failed "install ${missing[*]}"
}

apt_failed() {
    tail -n 15 "$log" >&2
    fail "apt-get $* failed, see above and $log. On Debian 12 all of them are in the main archive"
}
