# Sourced by scripts of queues: a Redis on a free port, which is $REDIS_PORT. Debian's package redis-server.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
REDIS_PORT=$(free_port)
redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --save '' --appendonly no --dir "$PWD" >/dev/null &
until (: >/dev/tcp/127.0.0.1/"$REDIS_PORT") 2>/dev/null; do sleep 0.1; done
