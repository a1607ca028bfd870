import type { Flags } from "../command-line/subcommand.ts";

/** What says which service is defined; a terminal is asked for what is not given. */
export const SERVICE_FLAGS = {
  owner: { type: "text", value: "<team>", summary: "the team that is notified" },
  tier: {
    type: "text",
    value: "<tier>",
    summary: "critical, standard or best-effort; default: standard",
  },
  description: {
    type: "text",
    value: "<text>",
    summary: "one line that says what the service does",
  },
  namespace: { type: "text", value: "<namespace>", summary: "the namespace that it runs in" },
  kind: {
    type: "text",
    value: "<kind>",
    summary: "its kind: http, grpc, worker, batch or probe; default: http",
  },
  from: {
    type: "text",
    value: "<file or URL>",
    summary:
      "the metrics that the service exposes, such as http://localhost:8080/metrics: finds out kind, metrics and buckets",
  },
  set: {
    type: "list",
    value: "<field>=<value>",
    summary:
      "a field of the kind, such as port=http or metrics.total=orders_total, or of an objective, such as objectives.latency.threshold=250ms; may be given several times, and a list once for each item",
  },
} as const satisfies Flags;
