#!/usr/bin/env bash
# library: flower 2.2.0
# with: Celery 5.7.0 with task events and one prefork process, Redis, Python
# asked: ok slow fail retry limit lost waiting
# metrics: :/metrics
set -euo pipefail
. "$(dirname "$0")/parts/celery.sh"
venv/bin/pip install --quiet flower==2.2.0
exec venv/bin/celery --broker "$BROKER" flower --address=127.0.0.1 --port="$METRICS_PORT"
