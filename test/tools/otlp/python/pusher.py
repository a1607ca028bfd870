"""Counts HTTP requests with OpenTelemetry's SDK for Python and pushes them by OTLP, as a service does.

The endpoint, the resource, the interval, the temporality and the form of histograms come from the variables of OpenTelemetry alone.
Each line of standard input is a JSON array of requests, which are recorded at once. At the end of the input the SDK is shut down,
which pushes what is left. Whatever the receiver refuses is on standard error, and the exit code is 1.
"""

import json
import logging
import os
import sys

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader


class Refusals(logging.Handler):
    """Counts what the SDK logs at level error: it tells its program in no other way."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        Refusals.count += 1
        print(record.getMessage(), file=sys.stderr)


def main() -> int:
    logging.getLogger("opentelemetry").addHandler(Refusals(logging.ERROR))
    provider = MeterProvider(metric_readers=[PeriodicExportingMetricReader(OTLPMetricExporter())])
    boundaries = os.environ.get("BOUNDARIES")
    durations = provider.get_meter("http").create_histogram(
        "http.server.request.duration",
        unit="s",
        explicit_bucket_boundaries_advisory=json.loads(boundaries) if boundaries else None,
    )
    for line in sys.stdin:
        for requests in json.loads(line):
            attributes = {
                "http.request.method": "GET",
                "http.route": "/orders",
                "http.response.status_code": requests["status"],
            }
            for _ in range(requests["count"]):
                durations.record(requests["seconds"], attributes)
    provider.shutdown()
    return 1 if Refusals.count else 0


if __name__ == "__main__":
    sys.exit(main())
