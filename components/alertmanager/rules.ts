import { joinPath, type Problem, shown } from "../core/problems.ts";
import { nearest } from "../core/validation.ts";
import { hoursProblems } from "./hours.ts";
import { ownershipProblems } from "./ownership.ts";
import {
  type AlertmanagerSettings,
  keepsIncidents,
  NULL_RECEIVER,
  portOf,
  type ReceiverOf,
  ROUTED_SEVERITIES,
} from "./settings.ts";

/** A place in the settings that names a receiver. */
interface ReceiverUse {
  readonly path: string;
  readonly receiver: string;
}

/**
 * The rules between fields of the alerting settings, as problems whose paths start at `path`; `zones` is how many zones the
 * cluster's nodes are spread over. An even number of replicas is fine: members do not vote, each sends what nobody else
 * has sent.
 */
export function alertmanagerProblems(
  settings: AlertmanagerSettings,
  path: string,
  zones: number,
): readonly Problem[] {
  return [
    ...replicaProblems(settings, path, zones),
    ...teamProblems(settings, path),
    ...ownershipProblems(settings, path),
    ...hoursOfTeamsProblems(settings, path),
    ...receiverProblems(settings, path),
    ...heartbeatProblems(settings, path),
  ];
}

function replicaProblems(
  { replicas }: AlertmanagerSettings,
  path: string,
  zones: number,
): readonly Problem[] {
  if (replicas <= zones) return [];
  return [
    {
      path: joinPath(path, ["replicas"]),
      found: shown(replicas),
      allowed: `at most ${zones}, one replica for each zone of the cluster`,
      fix: `write ${zones}, or add zones`,
    },
  ];
}

function teamProblems(settings: AlertmanagerSettings, path: string): readonly Problem[] {
  const teams = Object.entries(settings.teams);
  if (teams.length === 0)
    return [
      {
        path: joinPath(path, ["teams"]),
        found: "no team",
        allowed: "at least one team with its receivers",
        fix: "add the team that owns the platform",
      },
    ];
  return teams.flatMap(([team, routes]) =>
    ROUTED_SEVERITIES.flatMap((severity) =>
      duplicates(routes[severity]).map(({ value, index }) => ({
        path: joinPath(path, ["teams", team, severity, index]),
        found: `${shown(value)} a second time`,
        allowed: "each receiver once",
        fix: "remove it",
      })),
    ),
  );
}

function hoursOfTeamsProblems({ teams, receivers }: AlertmanagerSettings, path: string): readonly Problem[] {
  return Object.entries(teams).flatMap(([team, { warning, hours }]) => {
    if (hours?.warning === undefined) return [];
    const at = joinPath(path, ["teams", team, "hours", "warning"]);
    const keeping = warning.filter((name) => keepsIncidents(receivers, name));
    return [
      ...hoursProblems(hours.warning, at),
      ...keeping.map((name) => ({
        path: at,
        found: `hours for the receiver ${shown(name)}, of type ${receivers[name]?.type}`,
        allowed:
          "hours for receivers of type slack, email or local-webhook: Alertmanager drops the end of an alert outside the hours, and an incident that pagerduty, sns or a webhook opened would never end",
        fix: `set the hours in what ${name} notifies (PagerDuty: support hours of the service) and remove them here, or send the warnings to another receiver`,
      })),
    ];
  });
}

function duplicates(
  values: readonly string[],
): readonly { readonly value: string; readonly index: number }[] {
  return values
    .map((value, index) => ({ value, index }))
    .filter(({ value, index }) => values.indexOf(value) < index);
}

function receiverProblems(settings: AlertmanagerSettings, path: string): readonly Problem[] {
  const uses = receiverUses(settings, path);
  const names = Object.keys(settings.receivers);
  const used = new Set(uses.map(({ receiver }) => receiver));
  return [
    ...uses.filter(({ receiver }) => !names.includes(receiver)).map((use) => undefinedReceiver(use, names)),
    ...names.flatMap((name) =>
      receiverDefinitionProblems(settings, name, used, joinPath(path, ["receivers", name])),
    ),
  ];
}

function undefinedReceiver({ path, receiver }: ReceiverUse, names: readonly string[]): Problem {
  const near = nearest(receiver, names);
  return {
    path,
    found: `the receiver ${shown(receiver)}, which is not defined`,
    allowed: names.length > 0 ? `one of the receivers ${names.join(", ")}` : "a receiver; none is defined",
    fix: near === undefined ? `define ${receiver} under receivers` : `write ${near}`,
  };
}

function receiverDefinitionProblems(
  { receivers }: AlertmanagerSettings,
  name: string,
  used: ReadonlySet<string>,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (name === NULL_RECEIVER)
    problems.push({
      path,
      found: `the name ${shown(name)}`,
      allowed: `any other name: ${NULL_RECEIVER} is the receiver of alerts that send no notifications`,
      fix: "rename the receiver",
    });
  // A receiver that nothing leads to is a page that somebody believes in and nobody gets.
  if (!used.has(name))
    problems.push({
      path,
      found: "a receiver that no route names",
      allowed: "receivers that a team, fallback or heartbeat names",
      fix: "name it in a team's routes, or remove it",
    });
  const receiver = receivers[name];
  if (receiver?.type === "email") problems.push(...emailProblems(receiver, path));
  if (receiver?.type === "local-webhook") problems.push(...urlProblems(receiver, path));
  return problems;
}

function urlProblems({ url }: ReceiverOf<"local-webhook">, path: string): readonly Problem[] {
  if (URL.canParse(url)) return [];
  return [
    {
      path: joinPath(path, ["url"]),
      found: shown(url),
      allowed: "an http or https URL whose host and port exist",
      fix: "correct the host or the port",
    },
  ];
}

function emailProblems(receiver: ReceiverOf<"email">, path: string): readonly Problem[] {
  const { smarthost, username, passwordSecret } = receiver;
  const problems: Problem[] = [];
  const port = portOf(receiver);
  if (port < 1 || port > 65_535)
    problems.push({
      path: joinPath(path, ["smarthost"]),
      found: shown(smarthost),
      allowed: "a port from 1 to 65535",
      fix: "correct the port, which is 587 for most mail servers",
    });
  if ((username === undefined) !== (passwordSecret === undefined)) {
    const [present, missing] =
      username === undefined ? ["passwordSecret", "username"] : ["username", "passwordSecret"];
    problems.push({
      path: joinPath(path, [missing]),
      found: `nothing, although ${present} is set`,
      allowed: "username and passwordSecret together, or neither",
      fix: `add ${missing}, or remove ${present}`,
    });
  }
  return problems;
}

function heartbeatProblems(settings: AlertmanagerSettings, path: string): readonly Problem[] {
  const { receiver: name } = settings.heartbeat;
  const receiver = Object.hasOwn(settings.receivers, name) ? settings.receivers[name] : undefined;
  if (receiver === undefined) return [];
  const at = joinPath(path, ["heartbeat", "receiver"]);
  const problems: Problem[] = [];
  if (!["webhook", "aws-heartbeat", "local-webhook"].includes(receiver.type))
    problems.push({
      path: at,
      found: `${shown(name)}, of type ${receiver.type}`,
      allowed:
        "a receiver of type webhook or local-webhook, which notifies a heartbeat service, or aws-heartbeat",
      fix: "define a webhook of a heartbeat service and name it here",
    });
  if (
    receiver.type === "aws-heartbeat" &&
    receiver.emails.length === 0 &&
    receiver.pagerUrlSecret === undefined
  )
    problems.push({
      path: joinPath(path, ["receivers", name]),
      found: "neither pagerUrlSecret nor emails",
      allowed: "one of them: otherwise the alarm notifies no one",
      fix: "add pagerUrlSecret with the URL of the pager",
    });
  // An alert that reached the switch would keep it alive while the Watchdog is long gone.
  const alsoAt = receiverUses(settings, path).find((use) => use.receiver === name && use.path !== at);
  if (alsoAt !== undefined)
    problems.push({
      path: at,
      found: `${shown(name)}, which ${alsoAt.path} names too`,
      allowed: "a receiver that gets the Watchdog and nothing else",
      fix: "define another receiver for the heartbeat",
    });
  return problems;
}

function receiverUses(settings: AlertmanagerSettings, path: string): readonly ReceiverUse[] {
  return [
    { path: joinPath(path, ["fallback"]), receiver: settings.fallback },
    { path: joinPath(path, ["heartbeat", "receiver"]), receiver: settings.heartbeat.receiver },
    ...Object.entries(settings.teams).flatMap(([team, routes]) =>
      ROUTED_SEVERITIES.flatMap((severity) =>
        routes[severity].map((receiver, index) => ({
          path: joinPath(path, ["teams", team, severity, index]),
          receiver,
        })),
      ),
    ),
  ];
}
