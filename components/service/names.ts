import type { Service } from "./definition.ts";

/** What a service's objects are called, apart from whatever else lives in the namespace: a team may call its service `grafana`. */
export function objectName({ name }: Pick<Service, "name">): string {
  return `service-${name}`;
}

/** The alert about a service without pods. Silences, inhibition and its runbook are addressed by it. */
export const NO_AVAILABLE_PODS = "ServiceHasNoAvailablePods";

/** With two dots, which no objective has. */
export const OWN_ALERTS_ENDING = ".own.alerts";

/** What the rules of a team's own alerts are called: their group, and the file that they are proven in. */
export function ownAlertsName(service: Pick<Service, "name">): string {
  return `${objectName(service)}${OWN_ALERTS_ENDING}`;
}

/** What the rules of an objective are called: their group, and the file that they are proven in. */
export function rulesName(service: Pick<Service, "name">, objective: string): string {
  return `${objectName(service)}.${objective}`;
}
