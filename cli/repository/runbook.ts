import { join } from "node:path";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { OUT_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import type { ModelAlert } from "../review/model.ts";
import { NotComparable, readModel } from "../review/read.ts";
import { deployments, rollouts } from "../runbook/changes.ts";
import { filled, labelOf } from "../runbook/fill.ts";
import { type ActiveAlert, activeAlerts, isMeant } from "../runbook/firing.ts";
import { runbookPage } from "../runbook/pages.ts";
import { connectionTo } from "../verify/connection.ts";

/** How a runbook is asked for. */
interface RunbookFlags {
  /** `name=value`, with commas between them. */
  readonly labels?: string;
  readonly prometheus?: string;
  readonly environment?: string;
}

type Labels = Readonly<Record<string, string>>;

/** Prints the runbook of an alert with its labels filled in, and what is known of it now. */
export async function printRunbook(
  alert: string,
  { labels: text, prometheus, environment }: RunbookFlags,
  { stdout, env }: Pick<Surroundings, "stdout" | "env">,
): Promise<Exit> {
  const page = runbookPage(alert);
  const given = labelsOf(text);
  const connection =
    prometheus === undefined ? undefined : connectionTo(prometheus, env["PROMETHEUS_TOKEN"], "runbook");
  const active = connection === undefined ? [] : await activeAlerts(connection);
  const meant = active.filter((each) => isMeant(each, alert, given));
  const [first, ...others] = meant;
  const labels = { ...first?.labels, ...given };
  const { text: content, missing, used } = filled(page.text, labels);
  // Beside a server, every label that is given says which alert is meant; beside an environment, some say which panel.
  const idle =
    connection === undefined ? Object.keys(given).filter((label) => !isUsed(label, used, environment)) : [];
  const paint = paintFor(stdout, env);
  const namespace = labels["namespace"];
  const changed = [
    ...(connection === undefined || namespace === undefined
      ? []
      : await rollouts(connection, namespace, Date.now() / 1000)),
    ...(environment === undefined ? [] : deployments(environment, env)),
  ];
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint.bold(title), ...lines.map((line) => `  ${line}`), ""];
  stdout.write(
    [
      ...section("Now", [
        ...(connection === undefined ? [] : stateLines(alert, first)),
        ...detailLines(alert, labels, first, environment),
        `Page: ${page.file}`,
      ]),
      ...section(
        "Also firing or pending with this name; name one of them with --labels",
        others.map(({ labels: own, state }) => `${state}: ${inWords(own)}`),
      ),
      ...section("Changed last", changed),
      ...section(
        "Not filled in",
        missing.length === 0
          ? []
          : [`${missing.join(", ")}: give them, such as --labels ${labelOf(missing[0] ?? "")}=…`],
      ),
      ...section(
        "Not on this page",
        idle.length === 0
          ? []
          : [
              `${idle.join(", ")}: no command and no query of it asks for ${idle.length === 1 ? "this label" : "these labels"}`,
            ],
      ),
      content,
    ].join("\n"),
  );
  return EXIT.fine;
}

function isUsed(label: string, onPage: ReadonlySet<string>, environment: string | undefined): boolean {
  return (
    onPage.has(label) || label === "team" || (environment !== undefined && ["service", "slo"].includes(label))
  );
}

function labelsOf(text = ""): Labels {
  if (text === "") return {};
  const pairs = text.split(",").map((pair) => /^\s*([A-Za-z_]\w*)=(.*)$/s.exec(pair));
  if (pairs.includes(null))
    throw new InvalidInputError("runbook", [
      {
        path: "--labels",
        found: shown(text),
        allowed: "labels with their values and commas between them, such as namespace=shop,pod=web-0",
        fix: "correct it",
      },
    ]);
  return Object.fromEntries(
    pairs.map((pair) => [pair?.[1] ?? "", (pair?.[2] ?? "").replace(/^"(.*)"$/s, "$1")]),
  );
}

function stateLines(alert: string, active: ActiveAlert | undefined): readonly string[] {
  if (active === undefined) return [`${alert} is neither firing nor pending with these labels.`];
  const since = active.activeAt.slice(0, 19).replace("T", " ");
  const { summary, description } = active.annotations;
  return [
    `${alert} is ${active.state}; its condition has held since ${since} UTC.`,
    ...(summary === undefined ? [] : [summary]),
    ...(description === undefined ? [] : [description]),
  ];
}

/** Owner, receivers and panel: of the alert that fires, else of the last preview of the environment. */
function detailLines(
  alert: string,
  labels: Labels,
  active: ActiveAlert | undefined,
  environment: string | undefined,
): readonly string[] {
  const previewed = alertsOf(environment).find(
    ({ name, service, slo }) =>
      name === alert &&
      (service === undefined || service === labels["service"]) &&
      (slo === undefined || slo === labels["slo"]),
  );
  const panel = active?.annotations["dashboard_url"] ?? previewed?.dashboardUrl;
  const owner = labels["team"] ?? previewed?.team;
  return [
    ...(Object.keys(labels).length === 0 ? [] : [`Labels: ${inWords(labels)}`]),
    ...(owner === undefined ? [] : [`Owner: ${owner}`]),
    ...(previewed === undefined
      ? []
      : [
          `Receivers: ${previewed.receivers.map(({ name, kind }) => `${name} (${kind})`).join(", ") || "none"}`,
        ]),
    ...(panel === undefined ? [] : [`Panel: ${panel}`]),
  ];
}

/** The alerts of the last preview of an environment; none where there is none that this version can read. */
function alertsOf(environment: string | undefined): readonly ModelAlert[] {
  if (environment === undefined) return [];
  try {
    return readModel(join(OUT_FOLDER, environment)).alerts;
  } catch (error) {
    if (error instanceof NotComparable) return [];
    throw error;
  }
}

function inWords(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(", ");
}
