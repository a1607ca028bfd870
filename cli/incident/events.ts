import { InvalidInputError } from "../../components/core/problems.ts";
import { recordedFirings } from "../alert-review/firings.ts";
import { loadedAlerts } from "../alert-review/rules.ts";
import { alertmanagerAt } from "../alertmanager/connection.ts";
import { matchersInWords, silencesOf } from "../alertmanager/silences.ts";
import { toTheMinute } from "../report/moments.ts";
import { isNotified } from "../report/sentences.ts";
import { called } from "../review/alerts.ts";
import { activeAlerts } from "../runbook/firing.ts";
import { serverAddress, whyFailed } from "../server-address.ts";
import { connectionTo } from "../verify/connection.ts";
import type { Entry, IncidentHead } from "./file.ts";

/** The servers that are asked. */
export interface Servers {
  readonly prometheus?: string;
  readonly alertmanager?: string;
  readonly grafana?: string;
}

type Env = NodeJS.ProcessEnv;
type About = Pick<IncidentHead, "services">;

/** Alerts that belong to an incident: those of its services, and whatever pages. */
function belongs(labels: Readonly<Record<string, string>>, { services }: About): boolean {
  const { severity = "", service } = labels;
  if (severity === "critical" || services.length === 0) return isNotified(severity);
  return isNotified(severity) && services.includes(service ?? "");
}

/** The alerts that fire now. */
export async function firingNow(
  { prometheus }: Servers,
  about: About,
  at: string,
  env: Env,
): Promise<readonly Entry[]> {
  if (prometheus === undefined) return [];
  const connection = connectionTo(prometheus, env["PROMETHEUS_TOKEN"], "incident");
  const active = await activeAlerts(connection);
  return active
    .filter(({ state, labels }) => state === "firing" && belongs(labels, about))
    .map(({ labels }) => ({ at, text: `alert ${alertInWords(labels)} is firing` }));
}

/** Alerts so long before an incident's start may have been the first sign, in seconds. */
const BEFORE = 900;

/**
 * What the servers say happened until a moment, in Unix seconds; and when the first alert fired, if one did: not before the start of the
 * incident.
 */
export async function happened(
  servers: Servers,
  about: Pick<IncidentHead, "services" | "start">,
  to: number,
  env: Env,
): Promise<{ readonly entries: readonly Entry[]; readonly detected: string | undefined }> {
  const start = Date.parse(about.start) / 1000;
  const from = start - BEFORE;
  const alerts = await alertEntries(servers, about, from, to, env);
  return {
    entries: [
      ...alerts.entries,
      ...(await silenceEntries(servers, from, to, env)),
      ...(await annotationEntries(servers, from, to, env)),
    ],
    detected: alerts.first === undefined ? undefined : moment(Math.max(start, alerts.first)),
  };
}

async function alertEntries({ prometheus }: Servers, about: About, from: number, to: number, env: Env) {
  if (prometheus === undefined) return { entries: [], first: undefined };
  const connection = connectionTo(prometheus, env["PROMETHEUS_TOKEN"], "incident");
  const all = await recordedFirings(connection, await loadedAlerts(connection), from, to);
  const firings = all.filter(({ labels }) => belongs(labels, about));
  const entries = firings.flatMap((firing) => {
    const what = `alert ${alertInWords(firing.labels)}`;
    return [
      ...(firing.isCutBefore ? [] : [{ at: moment(firing.from), text: `${what} fires` }]),
      ...(firing.isOpen ? [] : [{ at: moment(firing.to), text: `${what} ends` }]),
    ];
  });
  return { entries, first: firings[0]?.from };
}

async function silenceEntries(
  { alertmanager }: Servers,
  from: number,
  to: number,
  env: Env,
): Promise<readonly Entry[]> {
  if (alertmanager === undefined) return [];
  const silences = await silencesOf(alertmanagerAt(alertmanager, env["ALERTMANAGER_TOKEN"], "incident"));
  const isWithin = (text: string) => Date.parse(text) / 1000 >= from && Date.parse(text) / 1000 <= to;
  return silences.flatMap(({ startsAt, endsAt, status, createdBy, comment, matchers }) => {
    const what = `of ${matchersInWords(matchers)} by ${createdBy}`;
    const until = toTheMinute(endsAt);
    return [
      ...(isWithin(startsAt)
        ? [{ at: moment(Date.parse(startsAt) / 1000), text: `silence ${what} until ${until}: ${comment}` }]
        : []),
      ...(status.state === "expired" && isWithin(endsAt)
        ? [{ at: moment(Date.parse(endsAt) / 1000), text: `silence ${what} ends` }]
        : []),
    ];
  });
}

const SECONDS = 30;

/** Annotations of Grafana: https://grafana.com/docs/grafana/latest/developers/http_api/annotations/ */
async function annotationEntries(
  { grafana }: Servers,
  from: number,
  to: number,
  env: Env,
): Promise<readonly Entry[]> {
  if (grafana === undefined) return [];
  const { base, authorization } = serverAddress(grafana, env["GRAFANA_TOKEN"]);
  const url = new URL("api/annotations", base);
  url.search = new URLSearchParams({
    from: String(from * 1000),
    to: String(to * 1000),
    limit: "500",
  }).toString();
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(SECONDS * 1000),
      headers: authorization === undefined ? {} : { authorization },
    });
    if (!response.ok) throw new Error(`it answers ${response.status} to ${url.pathname}`);
    const found = (await response.json()) as readonly {
      readonly time: number;
      readonly text?: string;
      readonly tags?: readonly string[];
    }[];
    return found.map(({ time, text = "", tags = [] }) => ({
      at: moment(time / 1000),
      text: `annotation ${text.replace(/<[^>]*>/g, " ").trim()}${tags.length === 0 ? "" : ` (${tags.join(", ")})`}`,
    }));
  } catch (error) {
    throw new InvalidInputError("incident", [
      {
        path: "--grafana",
        found: `${url.origin}: ${whyFailed(error)}`,
        allowed: `the URL of a Grafana that answers its HTTP API within ${SECONDS} seconds`,
        fix: "correct the URL, and set GRAFANA_TOKEN to a token of a service account that may read annotations",
      },
    ]);
  }
}

function alertInWords(labels: Readonly<Record<string, string>>): string {
  const { alertname: name = "", severity = "", service, slo, team: _, ...others } = labels;
  const more = Object.entries(others).map(([label, value]) => `${label}=${value}`);
  return `${called({ name, service, slo })} (${[severity, ...more].join(", ")})`;
}

/** In UTC, to the second. */
export function moment(at: number): string {
  return `${new Date(Math.floor(at) * 1000).toISOString().slice(0, 19)}Z`;
}
