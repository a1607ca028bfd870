#!/usr/bin/env bash
# Guess: django-prometheus observes the latency of each request once, so that the count of its histogram is the number of responses.
# Found: a view that raises an exception is observed twice, by process_exception and by process_response: one response, two observations.
# Matters for: objectives and rates on the histogram's count. During an outage by exceptions, the requests seem to be twice as many.
# Versions: django-prometheus 2.5.0, Django 5.2.19, Python 3.11.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet django-prometheus==2.5.0 django==5.2.19
cat >app.py <<'EOF'
import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of a finding", LOGGING_CONFIG=None,
    MIDDLEWARE=["django_prometheus.middleware.PrometheusBeforeMiddleware", "django_prometheus.middleware.PrometheusAfterMiddleware"],
)
django.setup()
from django.test import Client
from prometheus_client import generate_latest

def ok(request): return HttpResponse("ok")
def raised(request): raise RuntimeError("raised")
urlpatterns = [path("ok", ok, name="ok"), path("raise", raised, name="raise")]

client = Client(raise_request_exception=False)
for address in ("/ok", "/raise"): client.get(address)
print(generate_latest().decode())
EOF
venv/bin/python app.py 2>/dev/null >output.txt
grep -E '^django_http_(responses_total_by_status_view_method_total|requests_latency_seconds_by_view_method_count)\{' output.txt
grep -q '^django_http_responses_total_by_status_view_method_total{.*view="raise"} 1.0$' output.txt
grep -q '^django_http_requests_latency_seconds_by_view_method_count{.*view="ok"} 1.0$' output.txt
grep -q '^django_http_requests_latency_seconds_by_view_method_count{.*view="raise"} 2.0$' output.txt
