import { hangNotices } from "../../components/service/hangs.ts";
import { messageParts, verdictOf } from "../policy/verdict.ts";
import { unprovenNotices } from "../report/notices.ts";
import { PROMISE_COLUMNS, promiseCells, promiseRow } from "../report/promises.ts";
import type { PolicyResult, ProgramPreview, RoutedAlert } from "./preview.ts";

/** A preview of a team's program, for its pull request. */
export function programReport(stack: string, preview: ProgramPreview): string {
  const { resources, services, alerts, namespaces, policies, policiesAsked, waiverNotices, passes } = preview;
  const created = resources.filter(
    ({ type }) => !type.startsWith("pulumi:") && !type.startsWith("bellwether:"),
  );
  return `${[
    `# ${stack}: ${passes ? "ready to deploy" : "not ready to deploy"}`,
    `${plural(created.length, "resource")}, ${plural(services.length, "service")}, ${plural(alerts.length, "alert")}; ${policiesAsked} policies.`,
    ...noticesOf(services),
    ...[...unprovenNotices(alerts), ...waiverNotices].map((notice) => `> ${notice}`),
    ...section(
      "Objectives",
      [...PROMISE_COLUMNS, "Cost"],
      services.flatMap(({ promises }) =>
        promises.map(promiseRow).map((row) => [...promiseCells(row), row.cost]),
      ),
    ),
    ...section(
      "Alerts",
      ["Service", "Alert", "Severity", "Receivers"],
      alerts.map(({ service, name, severity, runbookUrl, unproven, ...alert }) => [
        service,
        `[${name}](${runbookUrl})${unproven ? " **unproven**" : ""}`,
        severity,
        reaches(alert),
      ]),
    ),
    ...section(
      "Alerts of the platform about pods, jobs and volumes",
      ["Environment", "Namespace", "Team"],
      namespaces.map(({ environment, namespace, team }) => [
        environment,
        namespace,
        team ??
          "the team of the platform. To receive them, ask it to list the namespace in alertmanager.teams.<team>.namespaces",
      ]),
    ),
    ...section("Policy results", ["Policy", "Verdict", "Finding", "Fix"], policies.map(policyRow)),
    ...section(
      "Resources",
      ["Kind", "Name"],
      created.map(({ type, name }) => [type.split(":").at(-1) ?? type, name]),
    ),
  ].join("\n\n")}\n`;
}

/** What the objectives of the services do not see, for each environment. */
function noticesOf(services: ProgramPreview["services"]): readonly string[] {
  const environments = [...new Set(services.map(({ environment }) => environment))];
  return environments.flatMap((name) =>
    hangNotices(
      services.filter(({ environment }) => environment === name).map(({ service }) => service),
      name,
    ).map((notice) => `> ${notice}`),
  );
}

function reaches({ receivers, problem }: Pick<RoutedAlert, "receivers" | "problem">): string {
  return problem ?? (receivers.join(", ") || "no notification");
}

function policyRow(result: PolicyResult): readonly string[] {
  const { what, fix = "" } = messageParts(result);
  const { waived } = result;
  const until = waived && ` until ${waived.expires} by ${waived.owner}: ${waived.reason}`;
  return [result.policy, `${verdictOf(result)}${until ?? ""}`, what, fix];
}

function section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [`## ${title}`, [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n")];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
