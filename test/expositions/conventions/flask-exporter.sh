#!/usr/bin/env bash
# library: prometheus-flask-exporter 0.23.2
# with: Flask 3.1.3, gunicorn 27.0.1, Python
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet prometheus-flask-exporter==0.23.2 flask==3.1.3 gunicorn==27.0.1
cat >app.py <<'EOF'
import time
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
PrometheusMetrics(app)

@app.get("/ok")
def ok(): return "ok"
@app.get("/slow")
def slow(): time.sleep(1.2); return "slow"
@app.get("/bad")
def bad(): return "bad", 400
@app.get("/fail")
def fail(): return "fail", 503
@app.get("/raise")
def raised(): raise RuntimeError("raised")
@app.get("/orders/<int:order>")
def orders(order): return str(order)
@app.get("/hang")
def hang(): time.sleep(2); return "late"
EOF
exec venv/bin/gunicorn --threads 4 --bind "127.0.0.1:$PORT" app:app
