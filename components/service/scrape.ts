import { z } from "zod";
import { choice, dnsLabel, durationBetween, named, text } from "../core/schema.ts";
import { metricsPath, portName } from "./presets.ts";

// How Prometheus gets the metrics of a service, where that is not the port of a Kubernetes Service of its name.

const interval = () =>
  durationBetween("10s", "2m").optional().meta({
    description:
      "How often the metrics are scraped; the rules of the service are evaluated as often. Default: prometheus.scrapeInterval of the environment.",
  });

const secretKey = () => text(/^[\w.-]{1,253}$/, "a key of a Secret, such as token");
const secret = () =>
  dnsLabel().meta({
    description:
      "Name of a Secret in the namespace of the ServiceMonitor (monitoring, unless the platform says otherwise): the operator reads it there, and in no other namespace.",
  });

const auth = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("bearer"),
    secret: secret(),
    key: secretKey().default("token").meta({ description: "Key of the Secret with the token." }),
  }),
  z.strictObject({
    kind: z.literal("basic"),
    secret: secret(),
    usernameKey: secretKey().default("username").meta({ description: "Key of the Secret with the user." }),
    passwordKey: secretKey()
      .default("password")
      .meta({ description: "Key of the Secret with the password." }),
  }),
]);

/** What may be said of a target, be it found through a Kubernetes Service or as a pod. */
const target = {
  port: portName().optional().meta({
    description: "Name of the port with the metrics. Default: the port of http, grpc, worker or batch.",
  }),
  path: metricsPath().optional().meta({
    description: "HTTP path of the metrics. Default: the path of http, grpc, worker or batch, or /metrics.",
  }),
  interval: interval(),
  scheme: choice(["http", "https"]).default("http").meta({ description: "Protocol of the port." }),
  tlsConfig: z
    .strictObject({
      serverName: text(/^[a-zA-Z0-9.*-]{1,253}$/, "a host name")
        .optional()
        .meta({
          description: "Name that the certificate must have. Default: the address of the target.",
        }),
      ca: z
        .strictObject({
          secret: secret(),
          key: secretKey().default("ca.crt").meta({ description: "Key of the Secret with the certificate." }),
        })
        .optional()
        .meta({ description: "Authority that signed the certificate. Default: those of the system." }),
      insecureSkipVerify: z.literal(true, { error: "true, or no such field" }).optional().meta({
        description: "Accepts any certificate. Not together with auth or ca.",
      }),
    })
    .optional()
    .meta({ description: "TLS settings; only with scheme: https." }),
  auth: auth.optional().meta({ description: "Credentials for the metrics, from a Secret." }),
  selector: named(
    text(/^(?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/, "the key of a label"),
    text(/^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/, "the value of a label"),
  )
    .refine((labels) => Object.keys(labels).length > 0, {
      error: "at least one label: none selects everything",
    })
    .optional()
    .meta({
      description:
        "Labels of the Kubernetes Service, or of the pods with kind: pod. Default: app.kubernetes.io/name with the name of the service.",
    }),
  namespace: dnsLabel().optional().meta({
    description: "Namespace of the Kubernetes Service or of the pods. Default: that of the service.",
  }),
};

const detailed = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("service").default("service").meta({
      description:
        "service: the targets of a Kubernetes Service. pod: pods, with or without one. elsewhere: something else scrapes the metrics. push: the service pushes them by OTLP.",
    }),
    ...target,
  }),
  z.strictObject({ kind: z.literal("pod"), ...target }),
  z.strictObject({
    kind: z.literal("elsewhere"),
    job: text(/^[^\s"\\{}*]{1,200}$/, "the value of the label job of its series")
      .optional()
      .meta({ description: "Label job of the series. Default: the name of the service." }),
    labels: named(
      text(/^[a-zA-Z_]\w{0,127}$/, "the name of a label of series, such as exported_service"),
      text(/^[^"\\\n]{1,200}$/, "the value of a label"),
    )
      .optional()
      .meta({
        description:
          "Labels that tell the series of this service from those of others that share an exporter, such as an ingress controller. Default: namespace with that of the service.",
      }),
    interval: interval(),
  }),
  z.strictObject({
    kind: z.literal("push"),
    job: text(/^[^\s"\\{}*]{1,200}$/, "the value of the label job of its series")
      .optional()
      .meta({
        description:
          "Label job of the series: service.name, or service.namespace/service.name of the resource. Default: the name of the service.",
      }),
    interval: durationBetween("10s", "2m").optional().meta({
      description:
        "How often the service pushes, as OTEL_METRIC_EXPORT_INTERVAL says it in milliseconds. Default: prometheus.scrapeInterval of the environment.",
    }),
  }),
]);

/** `"elsewhere"` and `"push"` are short for a map with that kind and nothing else. */
export const scrapeSettings = z.union(
  [
    text<"elsewhere" | "push">(/^(?:elsewhere|push)$/, "elsewhere, push, or a map of its fields").transform(
      (kind) => ({ kind }) as z.output<typeof detailed>,
    ),
    detailed,
  ],
  { error: "elsewhere, push, or a map of its fields" },
);

type ScrapeSettings = z.output<typeof detailed>;
export type ScrapedTarget = Exclude<ScrapeSettings, { readonly kind: "elsewhere" | "push" }>;

/** Whether no monitor of the platform scrapes the service. */
export function hasNoMonitor(
  scrape: ScrapeSettings | undefined,
): scrape is Exclude<ScrapeSettings, ScrapedTarget> {
  return scrape?.kind === "elsewhere" || scrape?.kind === "push";
}
