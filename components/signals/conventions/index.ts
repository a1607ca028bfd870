import type { RequestServer } from "../request-server.ts";
import { actixWebProm } from "./actix-web-prom.ts";
import { axumPrometheus } from "./axum-prometheus.ts";
import { bullmq } from "./bullmq.ts";
import { bullmqOtel } from "./bullmq-otel.ts";
import { caddy } from "./caddy.ts";
import { celeryExporter } from "./celery-exporter.ts";
import type { Convention } from "./convention.ts";
import { djangoPrometheus } from "./django-prometheus.ts";
import { envoy } from "./envoy.ts";
import { expressPromBundle } from "./express-prom-bundle.ts";
import { fastapiInstrumentator } from "./fastapi-instrumentator.ts";
import { fastifyMetrics } from "./fastify-metrics.ts";
import { flaskExporter } from "./flask-exporter.ts";
import { flower } from "./flower.ts";
import { goGrpcMiddleware } from "./go-grpc-middleware.ts";
import { goHttpMetrics } from "./go-http-metrics.ts";
import { grpcGo } from "./grpc-go.ts";
import { haproxy } from "./haproxy.ts";
import { hono } from "./hono.ts";
import { ingressNginx } from "./ingress-nginx.ts";
import { istio } from "./istio.ts";
import type { JobConvention } from "./job-convention.ts";
import { kafkaExporter } from "./kafka-exporter.ts";
import { kafkajs } from "./kafkajs.ts";
import { litestar } from "./litestar.ts";
import { otelJs } from "./otel-js.ts";
import { otelPython } from "./otel-python.ts";
import { otelPythonStable } from "./otel-python-stable.ts";
import { otelgrpc } from "./otelgrpc.ts";
import { otelhttp } from "./otelhttp.ts";
import { promhttp } from "./promhttp.ts";
import { pyGrpcPrometheus } from "./py-grpc-prometheus.ts";
import { rqExporter } from "./rq-exporter.ts";
import { sidekiq } from "./sidekiq.ts";
import { springBoot } from "./spring-boot.ts";
import { starletteExporter } from "./starlette-exporter.ts";
import { traefik } from "./traefik.ts";

/** What `http.metrics` calls the libraries that count HTTP requests. */
export const HTTP_LIBRARIES = {
  "fastapi-instrumentator": fastapiInstrumentator,
  "starlette-exporter": starletteExporter,
  "django-prometheus": djangoPrometheus,
  "flask-exporter": flaskExporter,
  litestar,
  "express-prom-bundle": expressPromBundle,
  "fastify-metrics": fastifyMetrics,
  hono,
  "spring-boot": springBoot,
  promhttp,
  "go-http-metrics": goHttpMetrics,
  otelhttp,
  "otel-js": otelJs,
  "otel-python": otelPython,
  "otel-python-stable": otelPythonStable,
  "axum-prometheus": axumPrometheus,
  "actix-web-prom": actixWebProm,
  caddy,
  envoy,
  haproxy,
  traefik,
  "ingress-nginx": ingressNginx,
  istio,
} as const satisfies Readonly<Record<string, Convention>>;

/** What `grpc.metrics` calls the libraries that count gRPC calls. */
export const GRPC_LIBRARIES = {
  "go-grpc-middleware": goGrpcMiddleware,
  "grpc-go": grpcGo,
  otelgrpc,
  "py-grpc-prometheus": pyGrpcPrometheus,
} as const satisfies Readonly<Record<string, Convention>>;

/** What `worker.metrics` calls the libraries and exporters that count jobs or messages. */
export const JOB_LIBRARIES = {
  "celery-exporter": celeryExporter,
  flower,
  "rq-exporter": rqExporter,
  bullmq,
  "bullmq-otel": bullmqOtel,
  sidekiq,
  kafkajs,
  "kafka-exporter": kafkaExporter,
} as const satisfies Readonly<Record<string, JobConvention>>;

export type JobLibrary = keyof typeof JOB_LIBRARIES;

/** The convention of a worker whose metrics are those of a library. */
export function jobConvention(metrics: unknown): JobConvention | undefined {
  return typeof metrics === "string" && Object.hasOwn(JOB_LIBRARIES, metrics)
    ? JOB_LIBRARIES[metrics as JobLibrary]
    : undefined;
}

/** The servers of libraries, by their names. */
export function serversOf<Name extends string>(
  libraries: Readonly<Record<Name, Convention>>,
): Readonly<Record<Name, RequestServer>> {
  const servers = Object.entries<Convention>(libraries).map(([name, { server }]) => [name, server]);
  return Object.fromEntries(servers) as Record<Name, RequestServer>;
}
