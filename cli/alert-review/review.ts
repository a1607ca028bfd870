import { InvalidInputError } from "../../components/core/problems.ts";
import { type Alertmanager, alertmanagerAt } from "../alertmanager/connection.ts";
import { type Silence, silencesOf } from "../alertmanager/silences.ts";
import { count } from "../report/numbers.ts";
import { isNotified } from "../report/sentences.ts";
import { called } from "../review/alerts.ts";
import { externalLabels } from "../review/replay/external-labels.ts";
import type { Incident } from "../review/replay/incidents.ts";
import { PATIENCE } from "../review/replay/local.ts";
import { atNight } from "../review/replay/night.ts";
import { versionOf } from "../review/replay/run.ts";
import type { Replays } from "../review/replay/targets.ts";
import { connectionTo } from "../verify/connection.ts";
import { recordedFirings } from "./firings.ts";
import { type JudgedFiring, judged, tellsOf } from "./judged.ts";
import { knownShare } from "./known.ts";
import { proposalsOf } from "./proposals.ts";
import type { AlertReview } from "./result.ts";
import { byRule, inOrder, rowOf, teamRows } from "./rows.ts";
import { loadedAlerts } from "./rules.ts";

/** What is reviewed. */
export interface AlertReviewRequest extends Omit<Replays, "targets"> {
  readonly prometheus: string;
  readonly alertmanager: string | undefined;
  readonly last: AlertReview | undefined;
}

/** Reviews what the alerts of a Prometheus did over a period. */
export async function reviewAlerts(
  request: AlertReviewRequest,
  env: NodeJS.ProcessEnv,
): Promise<AlertReview> {
  const { since, night, last } = request;
  const history = connectionTo(request.prometheus, env["PROMETHEUS_TOKEN"], "alert-review", {
    limit: PATIENCE,
  });
  // A whole second, so that a stretch of whole seconds ends there.
  const to = Math.floor(request.until ?? Date.now() / 1000);
  const from = to - since;
  const rules = await loadedAlerts(history);
  const external = await externalLabels(history);
  const known = await knownShare(history, from, to);
  const environment = external["environment"];
  const incidents = request.incidents.filter(
    (each) =>
      each.end > from && each.start < to && (environment === undefined || each.environment === environment),
  );
  const asked = await askAlertmanager(request.alertmanager, env);
  const firings = judged(await recordedFirings(history, rules, from, to), {
    isNight: atNight(night),
    incidents,
    silences: asked?.silences ?? [],
    externalLabels: external,
  });
  const histories = byRule(rules, firings);
  if (histories.length === 0) throw nothing(history.href, from, to);
  const alerts = inOrder(histories.map((each) => rowOf(each, since, asked !== undefined, last)));
  const { proposals, notes } = await proposalsOf(histories, { history, from, to, night, incidents });
  return {
    format: 1,
    from: moment(from),
    to: moment(to),
    server: `${await versionOf(history)} at ${history.href}`,
    known: known ?? null,
    environment: environment ?? null,
    night: night.text,
    last: last === undefined ? null : { from: last.from, to: last.to },
    silences: asked === undefined ? null : silencesInResult(asked),
    teams: teamRows(alerts, since, last),
    alerts,
    incidents: incidents.map((incident) => ({
      name: incident.name,
      start: moment(incident.start),
      end: moment(incident.end),
      first: firstOf(incident, firings),
    })),
    proposals: [...proposals],
    notes: [...notesOf(asked, incidents, request, environment), ...notes],
  };
}

interface Asked {
  readonly server: Alertmanager;
  readonly silences: readonly Silence[];
}

async function askAlertmanager(
  address: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Asked | undefined> {
  if (address === undefined) return undefined;
  const server = alertmanagerAt(address, env["ALERTMANAGER_TOKEN"], "alert-review");
  return { server, silences: await silencesOf(server) };
}

function silencesInResult({ server, silences }: Asked): AlertReview["silences"] {
  const ends = silences.map(({ endsAt }) => Date.parse(endsAt));
  return {
    server: server.href,
    known: silences.length,
    since: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
  };
}

function firstOf(incident: Incident, firings: readonly JudgedFiring[]) {
  // They are in the order of their beginning.
  const first = firings.find(
    (firing) => isNotified(firing.labels["severity"] ?? "") && tellsOf(incident, firing),
  );
  if (first === undefined) return null;
  const { alertname: name = "", service, slo } = first.labels;
  return { about: called({ name, service, slo }), seconds: Math.max(0, first.from - incident.start) };
}

/** It is another server, or the rules are evaluated elsewhere: nothing can be said of alerts. */
function nothing(href: string, from: number, to: number): InvalidInputError {
  return new InvalidInputError("alert-review", [
    {
      path: "--prometheus",
      found: `${href}, which has no alert rule and recorded no alert from ${moment(from)} to ${moment(to)}`,
      allowed: "the Prometheus that evaluates the alerts",
      fix: "correct the URL; where the long-term storage evaluates them, name its address",
    },
  ]);
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}

function notesOf(
  asked: Asked | undefined,
  incidents: readonly Incident[],
  { night, incidents: all }: AlertReviewRequest,
  environment: string | undefined,
): readonly string[] {
  return [
    `Firings are those that Prometheus recorded in the series ALERTS; each set of labels counts by itself, and a missing evaluation ends a firing. Night is ${night.text}.`,
    "Flaps began within 15 minutes after the firing before of the same labels, repeated ones within 24 hours. By itself: it ended within 15 minutes, without a silence about it and outside the incidents of the list.",
    asked === undefined
      ? "Silences are not known without --alertmanager."
      : `Alertmanager knows ${count(asked.silences.length, "silence")}. It deletes those that ended, 120 hours later by default, so earlier firings may have been silenced, too.`,
    all.length === 0
      ? "No list of incidents was given: nothing says which alerts fired in one."
      : `${count(incidents.length, "incident")} of ${all.length} in the list ${incidents.length === 1 ? "is" : "are"} within the period${environment === undefined ? "" : ` and of ${environment}`}.`,
    "A proposal is an answer to the history alone. It removes at least half of the firings and no incident in which the alert fired; whether the others mattered is for its team to say.",
  ];
}
