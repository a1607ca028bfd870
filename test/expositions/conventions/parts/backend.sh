# Sourced by the scripts of edges: the program behind one, at $BACKEND_PORT.
BACKEND_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
BACKEND_PORT=$BACKEND_PORT python3 "$(dirname "$0")/parts/backend.py" 2>/dev/null &
until (: >/dev/tcp/127.0.0.1/"$BACKEND_PORT") 2>/dev/null; do sleep 0.1; done
