#!/usr/bin/env bash
# Guess: Celery sends one event task-failed for a task that fails, however it fails.
# Found: a task that is killed because it takes longer than its hard time limit has two: one when the limit is reached, and one when the pool finds that
#   its process has ended. A task that raises has one, and so has one whose process is killed by something else.
# Matters for: exporters that count events, such as celery-exporter and Flower: such a task counts as two failed ones, and more tasks end than were sent.
# Versions: Celery 5.7.0, Redis, Python 3.11. Needs the program redis-server.
set -euo pipefail
folder=$(mktemp -d); cd "$folder"
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT

python3 -m venv venv
venv/bin/pip install --quiet 'celery[redis]==5.7.0'
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no >/dev/null &
export BROKER=redis://127.0.0.1:$port/0
cat >tasks.py <<'EOT'
import os, signal, time
from celery import Celery

app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.worker_send_task_events = True

@app.task
def raises(): raise ValueError("failed")
@app.task(time_limit=1)
def too_long(): time.sleep(10)
@app.task
def killed(): os.kill(os.getpid(), signal.SIGKILL)
EOT
cat >count.py <<'EOT'
import threading, time
from collections import Counter
import tasks

names, failed = {}, Counter()

def received(event): names[event["uuid"]] = event["name"]
def failure(event): failed[event["uuid"]] += 1

def listen():
    with tasks.app.connection() as connection:
        tasks.app.events.Receiver(connection, handlers={"task-received": received, "task-failed": failure}).capture(limit=None, timeout=None)

threading.Thread(target=listen, daemon=True).start()
time.sleep(2)
for task in (tasks.raises, tasks.too_long, tasks.killed):
    task.delay().get(propagate=False, timeout=30)
    time.sleep(3)
for uuid, name in names.items(): print(name, failed[uuid])
EOT
venv/bin/celery --app tasks worker --concurrency 1 --loglevel CRITICAL >/dev/null 2>&1 &
found=$(venv/bin/python count.py)
echo "task-failed by task:"; echo "$found"
[ "$found" = "tasks.raises 1
tasks.too_long 2
tasks.killed 1" ]
