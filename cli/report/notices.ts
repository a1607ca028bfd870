import { RUNBOOKS } from "../../components/core/runbooks.ts";
import type { Environment } from "../../stacks/environment.ts";
import { renamedFieldsIn, renamingNotice } from "../../stacks/renamed-fields.ts";
import { addressNotices } from "./address-notices.ts";
import type { AlertRow } from "./alerts.ts";

/** What prevents no deployment and that the reader should change or know: sentences. `raw` is the environment as the file has it. */
export function noticesOf(
  environment: Pick<Environment, "alerts" | "alertmanager" | "cluster" | "network" | "owner" | "prometheus">,
  raw: unknown,
): readonly string[] {
  return [
    ...renamedFieldsIn(raw).map(renamingNotice),
    ...runbookNotices(environment),
    ...sharedNamespaceNotices(environment),
    ...evaluationNotices(environment),
    ...addressNotices(environment),
  ];
}

/** The alerts that nothing tests, as a sentence; none where all are tested. */
export function unprovenNotices(
  alerts: readonly Pick<AlertRow, "name" | "service" | "unproven">[],
): readonly string[] {
  const names = alerts
    .filter(({ unproven }) => unproven)
    .map(({ name, service }) => (service === undefined ? name : `${name} of ${service}`));
  if (names.length === 0) return [];
  return [
    `Unproven alerts: ${names.join(", ")}. No test says when they fire and when they do not. Add examples to their definitions.`,
  ];
}

function sharedNamespaceNotices({
  alertmanager,
  owner,
}: Pick<Environment, "alertmanager" | "owner">): readonly string[] {
  return Object.entries(alertmanager.workloads?.shared ?? {}).map(
    ([namespace, teams]) =>
      `Services of the teams ${teams.join(" and ")} run in the namespace ${namespace}, so the platform's alerts about workloads in it go to ${owner}. To send them to one team, add the namespace to alertmanager.teams.<team>.namespaces.`,
  );
}

function evaluationNotices({
  prometheus: { rules, store },
}: Pick<Environment, "prometheus">): readonly string[] {
  if (rules === "local") return [];
  if (store.kind === "thanos")
    return [
      "Thanos Ruler evaluates the rules, those of teams' own programs too, and sends alerts to the Alertmanager of the cluster. Prometheus evaluates the alerts about the monitoring itself and the Watchdog.",
    ];
  return [
    "The long-term storage evaluates the rules, and its alert manager sends the notifications. Prometheus evaluates the alerts about itself, one Watchdog, and the rules of teams' own programs.",
  ];
}

function runbookNotices({ alerts }: Pick<Environment, "alerts">): readonly string[] {
  if (alerts.runbookBaseUrl !== RUNBOOKS) return [];
  return [
    `The runbook links of the alerts use the default ${RUNBOOKS}. Publish docs/runbooks where on-call engineers can open it and set alerts.runbookBaseUrl to its URL.`,
  ];
}
