import { hostOf, type Served } from "../components/ingress/model.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * An environment, not checked yet, with the addresses that its load balancer serves, wherever the file says none: links in
 * notifications and alerts lead there.
 */
export function withServedAddresses(environment: unknown): unknown {
  const { prometheus, alertmanager, grafana } = fieldsOf(environment);
  const { kind, domain } = fieldsOf(fieldsOf(prometheus)["ingress"]);
  if (kind !== "alb" || typeof domain !== "string") return environment;
  const served = (section: unknown, of: Served): unknown =>
    isMap(section) ? { externalUrl: `https://${hostOf({ domain }, of)}`, ...section } : section;
  return {
    ...fieldsOf(environment),
    alertmanager: served(alertmanager, "alertmanager"),
    grafana: fieldsOf(grafana)["kind"] === "in-cluster" ? served(grafana, "grafana") : grafana,
  };
}

function fieldsOf(value: unknown): Fields {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
