#!/usr/bin/env bash
# library: celery-exporter 0.12.2
# with: Celery 5.7.0 with task events and one prefork process, Redis, Python
# asked: ok slow fail retry limit lost waiting
# metrics: :/metrics
set -euo pipefail
. "$(dirname "$0")/parts/celery.sh"
# It is published as a container image and as source only. CELERY_EXPORTER may name a checkout of its tag v0.12.2.
venv/bin/pip install --quiet "${CELERY_EXPORTER:-git+https://github.com/danihodovic/celery-exporter@v0.12.2}"
exec venv/bin/python -c 'from src.cli import cli; cli(obj={})' --broker-url "$BROKER" --host 127.0.0.1 --port "$METRICS_PORT"
