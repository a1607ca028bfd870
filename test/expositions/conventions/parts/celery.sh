# Sourced by the scripts of exporters for Celery: a worker, and at $PORT a server that sends the task of an address.
. "$(dirname "$0")/parts/redis.sh"
BROKER=redis://127.0.0.1:$REDIS_PORT/0
export BROKER
python3 -m venv venv
venv/bin/pip install --quiet 'celery[redis]==5.7.0'
cat >tasks.py <<'EOT'
import os, signal, time
from celery import Celery

app = Celery("shop", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.update(worker_send_task_events=True, task_send_sent_event=True, worker_prefetch_multiplier=1)

@app.task
def ok(): return "ok"
@app.task
def slow(): time.sleep(1.2)
@app.task
def fail(): raise ValueError("failed")
@app.task(bind=True)
def retry(self):
    if self.request.retries == 0: raise self.retry(countdown=0.5)
# Longer than it may take.
@app.task(time_limit=1)
def limit(): time.sleep(10)
# The process that runs it is killed, as by the kernel when memory runs out.
@app.task
def lost(): os.kill(os.getpid(), signal.SIGKILL)
@app.task
def waiting(): time.sleep(20)
EOT
cat >ask.py <<'EOT'
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import tasks

class Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path[1:]
        if name == "waiting":
            for _ in range(5): tasks.waiting.delay()
        elif name: getattr(tasks, name).delay().get(propagate=False, timeout=20)
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Asked).serve_forever()
EOT
venv/bin/celery --app tasks worker --concurrency 1 --hostname worker@shop --loglevel ERROR >worker.log 2>&1 &
venv/bin/python ask.py 2>/dev/null &
