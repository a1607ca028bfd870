#!/usr/bin/env bash
# library: django-prometheus 2.5.0
# with: Django 5.2.19, gunicorn 27.0.1, Python
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
python3 -m venv venv
venv/bin/pip install --quiet django-prometheus==2.5.0 django==5.2.19 gunicorn==27.0.1
cat >app.py <<'EOF'
import time
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of a recording",
    INSTALLED_APPS=["django_prometheus"],
    MIDDLEWARE=["django_prometheus.middleware.PrometheusBeforeMiddleware", "django_prometheus.middleware.PrometheusAfterMiddleware"],
)

def ok(request): return HttpResponse("ok")
def slow(request): time.sleep(1.2); return HttpResponse("slow")
def bad(request): return HttpResponse(status=400)
def fail(request): return HttpResponse(status=503)
def raised(request): raise RuntimeError("raised")
def orders(request, order): return HttpResponse(order)
def hang(request): time.sleep(2); return HttpResponse("late")

urlpatterns = [path("ok", ok, name="ok"), path("slow", slow, name="slow"), path("bad", bad, name="bad"), path("fail", fail, name="fail"),
    path("raise", raised, name="raise"), path("orders/<int:order>", orders, name="orders"), path("hang", hang, name="hang"),
    path("", include("django_prometheus.urls"))]
application = get_wsgi_application()
EOF
exec venv/bin/gunicorn --threads 4 --bind "127.0.0.1:$PORT" app:application
