import { z } from "zod";
import { dnsLabel, integer, named, text } from "../core/schema.ts";

// What runs on a cluster before the platform does, and how the platform shares the cluster with it.

const labelKey = () =>
  text(
    /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/,
    "the key of a label such as app.kubernetes.io/name",
  );
const labelValue = () =>
  text(/^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/, "the value of a label such as kube-state-metrics");
const portName = () =>
  text(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "the name of a port such as http-metrics");

/** A Service of another release, as a ServiceMonitor selects it. */
const service = {
  namespace: dnsLabel().meta({ description: "Namespace of its Service." }),
  matchLabels: named(labelKey(), labelValue()).meta({ description: "Labels of its Service." }),
  port: portName().meta({ description: "Name of the port with the metrics." }),
};

/** A Service of another release. */
export type ServiceOfOthers = { readonly [K in keyof typeof service]: z.output<(typeof service)[K]> };

const OWN = z.strictObject({ kind: z.literal("own") });

/** Who turns the Prometheus and Alertmanager resources into pods. */
export const operatorSettings = z
  .discriminatedUnion("kind", [
    OWN,
    z.strictObject({ kind: z.literal("beside") }),
    z.strictObject({
      kind: z.literal("existing"),
      ...service,
      kubelets: z.strictObject({ namespace: dnsLabel(), name: dnsLabel() }).meta({
        description:
          "The Service of the kubelets that the operator maintains: its argument --kubelet-service, namespace and name.",
      }),
    }),
  ])
  .default({ kind: "own" });

/** Who exports the state of the objects of the cluster. */
export const stateMetricsSettings = z
  .discriminatedUnion("kind", [
    OWN,
    z.strictObject({
      kind: z.literal("existing"),
      ...service,
      telemetryPort: portName().optional().meta({
        description:
          "Name of the port with the metrics of kube-state-metrics itself. Default: none, and its own errors are not seen.",
      }),
    }),
  ])
  .default({ kind: "own" });

/** Who exports the metrics of the nodes. */
export const nodeExporterSettings = z
  .discriminatedUnion("kind", [
    OWN,
    z.strictObject({
      kind: z.literal("existing"),
      ...service,
      hostPort: integer(1, 65_535).default(9100).meta({
        description: "Port on which it listens on the nodes. The network policy of Prometheus allows it.",
      }),
    }),
  ])
  .default({ kind: "own" });

export type OperatorSettings = z.output<typeof operatorSettings>;

/** The annotation by which an operator finds the resources that are its own, if it was started with a controller id (0.94). */
const CONTROLLER_ANNOTATION = "operator.prometheus.io/controller-id";

/** The id of our operator beside another one. An operator without an id leaves resources alone that have one. */
export const CONTROLLER_ID = "bellwether";

/** Annotations of the Prometheus and Alertmanager resources. */
export function operatedBy({ kind }: OperatorSettings): { annotations?: Record<string, string> } {
  return kind === "beside" ? { annotations: { [CONTROLLER_ANNOTATION]: CONTROLLER_ID } } : {};
}

/** The Service whose EndpointSlices the operator fills with the kubelet of every node, which nothing else lists. */
export function kubeletService(operator: OperatorSettings): {
  readonly namespace: string;
  readonly name: string;
} {
  if (operator.kind === "existing") return operator.kubelets;
  // Another operator may maintain the Service of the usual name, and would overwrite ours.
  return { namespace: "kube-system", name: operator.kind === "beside" ? "bellwether-kubelet" : "kubelet" };
}
