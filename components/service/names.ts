import type { Service } from "./model.ts";

/** What a service's objects are called, apart from whatever else lives in the namespace: a team may call its service `grafana`. */
export function objectName({ name }: Pick<Service, "name">): string {
  return `service-${name}`;
}

/**
 * What the rules of an objective are called. With a dot, which no name of a service or objective has: `shop` with `api-latency` is
 * not `shop-api` with `latency`.
 */
export function rulesName(service: Pick<Service, "name">, objective: string): string {
  return `${objectName(service)}.${objective}`;
}
