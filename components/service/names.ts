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

/** What stands between the name of a service and those of its rule files and their groups. */
export const RULE_FILES = ".own.rules.";

/** What a group of a team's rule file is called. */
export function ruleFileGroupName(service: Pick<Service, "name">, file: string, group: string): string {
  const stem = (file.split("/").at(-1) ?? file).replace(/\.(?:ya?ml|json)$/, "");
  return `${objectName(service)}${RULE_FILES}${slug(stem)}.${slug(group)}`;
}

/** A text as part of the name of a file. */
function slug(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "group";
}

/** What the rules of an objective are called: their group, and the file that they are proven in. */
export function rulesName(service: Pick<Service, "name">, objective: string): string {
  return `${objectName(service)}.${objective}`;
}
