import { count } from "../report/numbers.ts";
import { alertChanges, matchAlerts } from "./alerts.ts";
import { capacityChanges, newCost } from "./capacity.ts";
import type { Change, EnvironmentChanges } from "./change.ts";
import { contractChanges } from "./contract.ts";
import { dashboardChanges } from "./dashboards.ts";
import { changesWithin } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";
import { notificationChanges } from "./notifications.ts";
import { policyChanges } from "./policies.ts";
import { withNewNames } from "./renamed.ts";
import { resourceChanges, type Verdicts } from "./resources.ts";
import { serviceChanges } from "./services.ts";
import { settingChanges, versionChanges } from "./settings.ts";

/** What changes in an environment that both sides have. */
interface ComparedEnvironment extends EnvironmentChanges {
  /** As it was, under the names that its services and teams have now. */
  readonly before: EnvironmentModel;
}

/**
 * Everything that changes in one environment.
 *
 * @param engine what the engine says of the resources, if it was asked.
 */
export function compare(
  earlier: EnvironmentModel,
  after: EnvironmentModel,
  engine?: Verdicts,
): ComparedEnvironment {
  const { before, changes: renames } = withNewNames(earlier, after);
  const { changes: ofServices, explained } = serviceChanges(before, after);
  const matched = matchAlerts(before.alerts, after.alerts);
  const told = notificationChanges(matched, after);
  const settings = settingChanges(before, after);
  const changes = [
    ...renames,
    ...told,
    ...ofServices,
    ...alertChanges(matched, explained),
    ...settings,
    ...versionChanges(before, after),
    ...policyChanges(before, after),
    ...contractChanges(before, after),
    ...dashboardChanges(before, after, explained.services),
    ...resourceChanges(before, after, "change", engine),
    ...capacityChanges(before, after),
  ];
  return {
    environment: after.environment,
    tier: after.tier,
    changes: [...changes, ...routing(before, after, changes)],
    before,
  };
}

const ROUTING: ReadonlySet<string> = new Set([
  "pages-nobody",
  "notifies-nobody",
  "pages-somebody-new",
  "receivers-changed",
  "routing-changed",
  "team-renamed",
]);

/** The configuration of Alertmanager, if it changes and nothing else has said so: times, inhibitions, texts. */
function routing(
  before: EnvironmentModel,
  after: EnvironmentModel,
  told: readonly Change[],
): readonly Change[] {
  if (told.some(({ kind }) => ROUTING.has(kind))) return [];
  const details = changesWithin(before.alertmanager, after.alertmanager).map(({ path, ...values }) => ({
    label: path,
    ...values,
  }));
  if (details.length === 0) return [];
  return [
    {
      kind: "routing-changed",
      about: "The configuration of Alertmanager",
      what: `changes in ${details.length} ${details.length === 1 ? "place" : "places"}`,
      details,
    },
  ];
}

/** An environment that the base does not have. */
export function added(model: EnvironmentModel): EnvironmentChanges {
  const { environment, tier, alerts, resources, objectives, settings } = model;
  const pages = alerts.filter(({ severity }) => severity === "critical");
  const told = [
    ...new Set(pages.flatMap(({ receivers }) => receivers.map(({ name, kind }) => `${name} (${kind})`))),
  ].sort();
  const where =
    settings["aws.accountId"] === undefined
      ? settings["cluster.name"]
      : `account ${settings["aws.accountId"]}, ${settings["aws.region"]}`;
  const change: Change = {
    kind: "environment-added",
    about: `The environment ${environment}`,
    what: `is new (${tier}, ${where}): ${count(resources.length, "resource")}, ${count(objectives.length, "objective")}, ${count(alerts.length, "alert")}, ${pages.length} of which page ${told.join(", ") || "no receiver"}`,
    cause: { setting: "name" },
  };
  const unrouted = alerts
    .filter(({ problem }) => problem !== undefined)
    .map((alert): Change => ({ kind: "unrouted", about: alert.name, what: `${alert.problem}` }));
  return { environment, tier, changes: [change, ...unrouted, ...newCost(model)] };
}

/** An environment that only the base has. */
export function removed({ environment, tier, resources, alerts }: EnvironmentModel): EnvironmentChanges {
  const change: Change = {
    kind: "environment-removed",
    about: `The environment ${environment}`,
    what: `has no file any more: its ${count(resources.length, "resource")} and ${count(alerts.length, "alert")} stay deployed, and nothing changes them; run pulumi destroy --stack ${environment} from the earlier commit if they are to go`,
  };
  return { environment, tier, changes: [change] };
}
