#!/usr/bin/env bash
# library: rq-exporter 3.1.0
# with: rq 2.12.0 with one worker, Redis, Python
# asked: ok slow fail retry limit lost waiting
# metrics: :/metrics
set -euo pipefail
. "$(dirname "$0")/parts/redis.sh"
python3 -m venv venv
venv/bin/pip install --quiet rq==2.12.0 rq-exporter==3.1.0
cat >tasks.py <<'EOT'
import os, signal, time
from rq import get_current_job

def ok(): return "ok"
def slow(): time.sleep(1.2)
def fail(): raise ValueError("failed")
def retry():
    if get_current_job().retries_left: raise ValueError("try again")
def limit(): time.sleep(10)
# The process that runs it is killed, as by the kernel when memory runs out.
def lost(): os.kill(os.getpid(), signal.SIGKILL)
def waiting(): time.sleep(20)
EOT
cat >ask.py <<'EOT'
import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from redis import Redis
from rq import Queue, Retry
import tasks

queue = Queue("orders", connection=Redis(port=int(os.environ["REDIS_PORT"])))

class Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path[1:]
        if name == "waiting":
            for _ in range(5): queue.enqueue(tasks.waiting)
        elif name:
            job = queue.enqueue(getattr(tasks, name), retry=Retry(max=1) if name == "retry" else None, job_timeout=1 if name == "limit" else 60)
            for _ in range(200):
                if job.get_status() in ("finished", "failed", "stopped"): break
                time.sleep(0.1)
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Asked).serve_forever()
EOT
export REDIS_PORT
venv/bin/rq worker --url "redis://127.0.0.1:$REDIS_PORT/0" --name worker orders >worker.log 2>&1 &
venv/bin/python ask.py 2>/dev/null &
exec venv/bin/rq-exporter --host 127.0.0.1 --port "$METRICS_PORT" --redis-host 127.0.0.1 --redis-port "$REDIS_PORT"
