import { z } from "zod";
import { choice, dnsLabel, integer, list, webUrl } from "../core/schema.ts";

/** The error-budget policy of an environment: what waits while the error budget of a service is spent. */
export const errorBudgetSettings = z.strictObject({
  freeze: choice(["releases", "workloads"]).meta({
    description:
      "What waits while the error budget of a service is spent: `releases` (containers with an image that does not run yet) or `workloads` (every workload of the service).",
  }),
  openedBy: list(dnsLabel(), 1, 50).meta({
    description: "The owners whose waivers of `error-budget` are valid. Teams of alertmanager.teams.",
  }),
  prometheusUrl: webUrl().optional().meta({
    description:
      "URL of the Prometheus that `pulumi up` asks for the budgets. It must be reachable from there. A token is read from the variable `PROMETHEUS_TOKEN`. Default: nothing is asked.",
  }),
  timeoutSeconds: integer(1, 30).default(5).meta({
    description: "How long an answer of this Prometheus may take, in seconds.",
  }),
});

export type ErrorBudgetSettings = Readonly<z.output<typeof errorBudgetSettings>>;
