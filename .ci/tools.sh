# What ./run and ./test share. Sourced, not run; plain bash 3.2, as macOS has it.

fail() {
    echo "error: $*" >&2
    exit 1
}

# A Debian or Ubuntu where we may install packages without asking.
can_install() {
    [ -f /etc/debian_version ] && command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    local log
    log=$(mktemp)
    echo "Installing $* ..." >&2
    if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
        </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get install $* did not work (above: why)."
    fi
    rm -f "$log"
}

# Sets $dotnet to a dotnet that has the SDK.
find_dotnet() {
    local candidate
    for candidate in "$(command -v dotnet || true)" "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet \
        /usr/local/share/dotnet/dotnet /opt/homebrew/bin/dotnet; do
        if [ -x "$candidate" ] && "$candidate" --list-sdks 2>/dev/null | grep -q '^10\.'; then
            dotnet=$candidate
            export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
            # What we start looks for the runtime by itself; help it where dotnet is not in a usual place.
            [ -n "${DOTNET_ROOT:-}" ] || case $candidate in "$HOME"/*) export DOTNET_ROOT=${candidate%/dotnet} ;; esac
            return
        fi
    done
    fail "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download (or: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0)."
}

has_postgres() {
    local candidate
    for candidate in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb \
        /opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb; do
        [ -x "$candidate" ] && return 0
    done
    return 1
}

ensure_postgres() {
    has_postgres && return
    case "$(uname)" in Darwin) fail "PostgreSQL is missing: brew install postgresql@17 (or set ConnectionStrings__Default to a database)." ;; esac
    can_install || fail "PostgreSQL is missing: install version 15 or newer (Debian and Ubuntu: apt-get install postgresql), or set ConnectionStrings__Default to a database."

    # The package would make and start a server of its own, which nobody asked for: its programs are all we want.
    apt_install postgresql-common
    local conf=/etc/postgresql-common/createcluster.conf
    echo 'create_main_cluster = false # notification-server' | as_root tee -a "$conf" >/dev/null
    apt_install postgresql
    as_root sed -i '/# notification-server$/d' "$conf"
    has_postgres || fail "PostgreSQL was installed but its programs are not in /usr/lib/postgresql/*/bin."
}

# The tests put one before the database. Its package would start one of its own, which nobody asked for.
ensure_pgbouncer() {
    local candidate
    for candidate in "$(command -v pgbouncer || true)" /usr/sbin/pgbouncer; do [ -x "$candidate" ] && return; done
    can_install || fail "PgBouncer is missing: apt-get install pgbouncer (macOS: brew install pgbouncer)."
    local policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then
        apt_install pgbouncer
    else
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod +x "$policy"
        apt_install pgbouncer
        as_root rm -f "$policy"
    fi
}

# The job engine that is built: the server's own, or Hangfire, which is a build of its own beside it.
engine=own
engine_args=()
engine_folder=

# use_engine NAME [skip]: Hangfire needs packages that not every registry serves. Then this says so and ends the script, before
# anything is built; with `skip` it only returns false.
use_engine() {
    case $1 in
        own) return ;;
        hangfire) engine=$1 engine_args=(-p:JobEngine=Hangfire) engine_folder=hangfire/ ;;
        *) fail "There is no engine $1: own or hangfire." ;;
    esac
    find_dotnet
    "$dotnet" restore "$root/NotificationServer" "${engine_args[@]}" -v quiet >/dev/null 2>&1 </dev/null && return
    [ "${2:-}" != skip ] || return 1
    fail "$no_hangfire"
}
no_hangfire="The Hangfire engine cannot be built: Hangfire.Core, Hangfire.AspNetCore and Hangfire.PostgreSql cannot be restored from the configured package sources (the server's own engine needs none of them: leave out --engine)."

# build TARGET: a project's folder or the solution. Says nothing when it works, shows the errors when it does not. A lock keeps two
# starts from writing the same files; what is current already is not built again, so a running server is left alone.
build() {
    local log code=0
    is_built "$1" && return
    echo "Building $1 ..."
    log=$(mktemp)
    mkdir -p "$root/.artifacts"
    if command -v flock >/dev/null; then
        (flock 9 && build_now "$1") 9>"$root/.artifacts/build.lock" >"$log" 2>&1 </dev/null || code=$?
    else
        build_now "$1" >"$log" 2>&1 </dev/null || code=$?
    fi
    [ "$code" = 0 ] || sort -u "$log" >&2
    rm -f "$log"
    return "$code"
}

build_now() {
    is_built "$1" && return
    : >"$root/.artifacts/$1-$engine.building"
    # No build server may stay behind: it would hold the lock that it inherits.
    "$dotnet" build "$root/$1" -c Release -v quiet -clp:ErrorsOnly -nodeReuse:false -p:UseSharedCompilation=false \
        ${engine_args[@]+"${engine_args[@]}"} || return
    mv "$root/.artifacts/$1-$engine.building" "$root/.artifacts/$1-$engine.built"
}

# Nothing has changed since that build began (a folder changes when a file in it comes or goes). The solution holds every project.
is_built() { is_built_by "$1" || is_built_by NotificationServer.sln; }

is_built_by() {
    local stamp=$root/.artifacts/$1-$engine.built
    [ -f "$stamp" ] && [ -d "$root/NotificationServer/bin/${engine_folder}Release" ] || return 1
    [ -z "$(find "$root"/NotificationServer* "$root/migrations" "$root"/Directory.* "$root/.editorconfig" "$root/BannedSymbols.txt" \
        \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print | head -n 1)" ]
}
