# What ./run starts when it is more than one process. Sourced, not run; plain bash 3.2, as macOS has it.

node_pids=()     # empty where the node has ended
node_names=()
simulator_pid=
database_pid=
code=0

# In front of each line who says it, and where it listens into a file. A signal must not end this before those who have still something to say.
prefixed() {
    trap '' INT TERM HUP
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        printf '[%s] %s\n' "$1" "$line"
        case $line in *"Now listening on: "*) echo "${line##*: }" >"$NS_DATA_DIR/nodes/$1.url" ;; esac
    done
}

# Whoever is waited for is waited for with a pause that a signal ends at once.
pause() { sleep "$1" & wait $! 2>/dev/null || true; }

terminate() { if [ -n "$1" ]; then kill -TERM "$1" 2>/dev/null || true; fi; }

# The exit code of one that was told to end.
ended() { [ -z "$1" ] || wait "$1" 2>/dev/null || return $?; }

# The nodes first and all at once, then what they send to, and their database last.
stop_all() {
    trap '' INT TERM HUP
    local pid
    for pid in ${node_pids[@]+"${node_pids[@]}"}; do terminate "$pid"; done
    for pid in ${node_pids[@]+"${node_pids[@]}"}; do ended "$pid" || code=$?; done
    terminate "$simulator_pid"
    ended "$simulator_pid" || true
    terminate "$database_pid"
    ended "$database_pid" || code=$?
    rm -rf "$NS_DATA_DIR/nodes"
    exit "$code"
}

give_up() {
    echo "error: $*" >&2
    code=1
    stop_all
}

# NAME=VALUE lines, as they stand: what a shell would make of them is not meant.
take_settings() {
    local line
    while IFS= read -r line; do
        case $line in [A-Za-z_]*=*) export "${line?}" ;; esac
    done <"$1"
}

start_simulator() {
    local facts=$NS_DATA_DIR/simulator
    mkdir -p "$facts"
    rm -f "$facts/simulator.env"
    "$dotnet" "$root/NotificationServer.Simulator/bin/${engine_folder}Release/net10.0/NotificationServer.Simulator.dll" --data "$facts" --all-vendors \
        </dev/null >"$facts/simulator.log" 2>&1 &
    simulator_pid=$!
    for _ in $(seq 300); do
        [ -f "$facts/simulator.env" ] && grep -qi ready "$facts/simulator.log" && break
        kill -0 "$simulator_pid" 2>/dev/null || { tail -n 20 "$facts/simulator.log" >&2; give_up "The simulator ended (above: why)."; }
        pause 0.1
    done
    [ -f "$facts/simulator.env" ] || give_up "The simulator did not get ready; see $facts/simulator.log"
    take_settings "$facts/simulator.env"
}

# A PostgreSQL that belongs to no node: each of them may end without the others losing it.
start_database() {
    local address=$NS_DATA_DIR/postgres.env
    rm -f "$address"
    "${server[@]}" postgres </dev/null > >(prefixed postgres) 2>&1 &
    database_pid=$!
    while [ ! -f "$address" ]; do
        kill -0 "$database_pid" 2>/dev/null || { wait "$database_pid" || true; database_pid=; give_up "PostgreSQL did not start (above: why)."; }
        pause 0.1
    done
    take_settings "$address"
}

# start_node NAME NUMBER [SETTING=VALUE ...]
start_node() {
    local name=$1 number=$2 its_port=0
    shift 2
    if [ "${port:-5080}" != 0 ]; then its_port=$((${port:-5080} + number - 1)); fi
    # The first one is the one to be told of.
    if [ "$number" -gt 1 ]; then set -- "$@" NS_BANNER=off; fi
    env "$@" "${server[@]}" --port "$its_port" </dev/null > >(prefixed "$name") 2>&1 &
    node_pids[number - 1]=$!
    node_names[number - 1]=$name
    echo "$!" >"$NS_DATA_DIR/nodes/$name.pid"
}

start_nodes() {
    local number
    rm -rf "$NS_DATA_DIR/nodes" && mkdir -p "$NS_DATA_DIR/nodes"
    for number in $(seq "$nodes"); do
        if [ "$nodes" -ge 3 ] && [ "$number" = "$nodes" ]; then start_node worker "$number" Roles=worker; else start_node "$number" "$number"; fi
        # What all of them share the first one makes: secrets, the key and the account for development.
        while [ "$number" = 1 ] && [ ! -f "$NS_DATA_DIR/nodes/1.url" ]; do
            kill -0 "${node_pids[0]}" 2>/dev/null || { wait "${node_pids[0]}" || code=$?; node_pids[0]=; give_up "The first node did not start (above: why)."; }
            pause 0.1
        done
    done
}

# Until all have ended or somebody stops them. One that ends leaves its work to the others, which is said and is no reason to stop.
watch_nodes() {
    local i alive its_code
    while true; do
        alive=0
        for i in "${!node_pids[@]}"; do
            [ -n "${node_pids[$i]}" ] || continue
            if kill -0 "${node_pids[$i]}" 2>/dev/null; then alive=$((alive + 1)); continue; fi
            its_code=0
            wait "${node_pids[$i]}" 2>/dev/null || its_code=$?
            node_pids[i]=
            if [ "$nodes" = 1 ]; then code=$its_code; else echo "[run] node ${node_names[$i]} has ended (exit code $its_code); the others go on"; fi
        done
        if [ -n "$database_pid" ] && ! kill -0 "$database_pid" 2>/dev/null; then
            database_pid=
            echo "[run] what keeps PostgreSQL has ended; PostgreSQL itself goes on if that was killed, and the next ./run takes it over"
        fi
        if [ "$alive" = 0 ]; then
            if [ "$nodes" != 1 ]; then code=1 && echo "[run] no node is left"; fi
            stop_all
        fi
        pause 0.5
    done
}
