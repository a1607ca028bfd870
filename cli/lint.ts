import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { InvalidInputError } from "../components/core/problems.ts";
import { PLATFORM_EXCLUSIONS } from "../components/grafana/lint/exclusions.ts";
import { DASHBOARD_CHECKS, lintDashboards } from "../components/grafana/lint/lint.ts";
import { readDashboard } from "../components/grafana/lint/read.ts";
import { CHECK_IDS } from "../components/lint/findings.ts";
import { type LintResult, lint } from "../components/lint/lint.ts";
import { dashboardsOf } from "../policies/rules/alerting/dashboards.ts";
import { groupsOf } from "../policies/rules/alerting/rule-lint.ts";
import { surroundingsOf } from "../policies/rules/alerting/surroundings.ts";
import { type StackResource, TYPES } from "../policies/rules/resource.ts";
import { Value } from "../policies/rules/value.ts";
import { NO_WAIVERS, type Waivers } from "../policies/rules/waivers-file.ts";

/** The objects and dashboards of a folder or file, as policies see resources; `urn` is the file and the object's name. */
function objectsOf(path: string): StackResource[] {
  if (!statSync(path).isDirectory()) return objectsIn(path, basename(path));
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ya?ml|json)$/.test(file) && statSync(join(path, file)).isFile())
    .sort()
    .flatMap((file) => objectsIn(join(path, file), file));
}

function objectsIn(path: string, file: string): StackResource[] {
  const text = readFileSync(path, "utf8");
  if (!file.endsWith(".json"))
    return parseAllDocuments(text).flatMap((document) => itemsOf(document.toJS(), file));
  if (!isDashboard(text)) return [];
  const properties = new Value({ configJson: text });
  return [{ type: TYPES.grafanaDashboard, name: file, urn: file, protect: false, properties, sources: {} }];
}

/** A folder may hold other JSON too, such as the graph of a preview. */
function isDashboard(text: string): boolean {
  try {
    return readDashboard(JSON.parse(text)) !== undefined;
  } catch {
    return false;
  }
}

function itemsOf(raw: unknown, file: string): StackResource[] {
  const object = new Value(raw);
  const kind = object.at("kind").text();
  if (kind === undefined) return [];
  if (kind.endsWith("List")) {
    const { items } = raw as { readonly items?: readonly unknown[] };
    return (items ?? []).flatMap((item) => itemsOf(item, file));
  }
  const version = object.at("apiVersion").text() ?? "v1";
  const name = object.at("metadata", "name").text() ?? "";
  return [
    {
      type: `kubernetes:${version.includes("/") ? version : `core/${version}`}:${kind}`,
      name,
      urn: `${file}: ${name}`,
      protect: false,
      properties: object,
      sources: {},
    },
  ];
}

/** What the linters of rules and of dashboards say. */
export interface LintedPaths {
  readonly rules: LintResult;
  readonly dashboards: readonly {
    /** The file and the object's name. */
    readonly source: string;
    readonly what: string;
    /** The id of a check; undefined for a dashboard that cannot be read. */
    readonly check: string | undefined;
  }[];
  /** Findings on dashboards that an exclusion covers. */
  readonly excluded: number;
}

/** What somebody answers for, until a day. */
type Answered = Pick<Waivers, "snoozes" | "exclusions">;

/**
 * Lints the rules and dashboards in folders and files, all of them together, without the findings that are snoozed or excluded. Throws an
 * InvalidInputError for a path with nothing to check.
 */
export function lintPaths(
  paths: readonly string[],
  today: string,
  { snoozes, exclusions }: Answered = NO_WAIVERS,
): LintedPaths {
  const found = paths.map((path) => ({ path, objects: objectsOf(path) }));
  const empty = found.filter(({ objects }) => objects.length === 0);
  if (empty.length > 0)
    throw new InvalidInputError(
      "bellwether lint",
      empty.map(({ path }) => ({
        path: "<path>",
        found: `${JSON.stringify(path)}, which contains no Kubernetes object and no dashboard`,
        allowed: "YAML with Kubernetes objects, or JSON with a dashboard of Grafana's classic schema",
        fix: "correct the path, or leave it out",
      })),
    );
  const objects = withoutCopies(found.flatMap((one) => one.objects));
  const { world, urns, problems } = dashboardsOf(objects);
  const { findings, excluded } = lintDashboards(world, {
    exclusions: [...exclusions, ...PLATFORM_EXCLUSIONS],
    today,
  });
  const sourceOf = (uid: string) => [...urns].find(([dashboard]) => dashboard.uid === uid)?.[1] ?? uid;
  return {
    rules: lint(groupsOf(objects).groups, surroundingsOf(objects).surroundings, { today, snoozes }),
    dashboards: [
      ...problems.map(({ what, urn = "" }) => ({ source: urn, what, check: undefined })),
      ...findings.map(({ uid, panel, what, check }) => ({
        source: sourceOf(uid),
        what: `${panel === undefined ? "the dashboard" : `panel ${panel}`} ${what}`,
        check,
      })),
    ],
    excluded: excluded.length,
  };
}

/** A preview has each dashboard twice: in a ConfigMap, and as a file for Grafana's import. */
function withoutCopies(objects: readonly StackResource[]): StackResource[] {
  const known = new Set(
    objects
      .filter(({ type }) => type === TYPES.configMap)
      .flatMap(({ properties }) =>
        Object.values(properties.at("data").texts()).flatMap((text) => contentOf(text) ?? []),
      ),
  );
  return objects.filter(({ type, properties }) => {
    if (type !== TYPES.grafanaDashboard) return true;
    const content = contentOf(properties.at("configJson").text() ?? "");
    return content === undefined || !known.has(content);
  });
}

function contentOf(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether anything is wrong. */
export function hasFindings({ rules, dashboards }: LintedPaths): boolean {
  return rules.findings.length + dashboards.length > 0;
}

/** The findings as text: each with its fix or its reason, then their number by check. */
export function lintText({
  rules: { findings, snoozed, dependencies },
  dashboards,
  excluded,
}: LintedPaths): string {
  const checks = [...findings, ...dashboards].map(({ check }) => check);
  const ids = [...CHECK_IDS, ...DASHBOARD_CHECKS.map(({ id }) => id)];
  const counts = ids.map((id) => [checks.filter((check) => check === id).length, id] as const);
  const lines = [
    ...findings.map(
      ({ check, rule, group, source, what, fix }) =>
        `${source}, group ${group}\n  ${rule} ${what}\n  fix: ${fix} (${check})\n`,
    ),
    ...dashboards.map(({ source, what, check }) => `${source}\n  ${what}\n${reasonOf(check)}`),
    ...dependencies.map(
      ({ from, to, records }) =>
        `The group ${from} reads ${records.join(", ")} of the group ${to}, up to one evaluation interval late.`,
    ),
    ...[...counts, [checks.length, "findings"] as const]
      .filter(([count, id]) => count > 0 || id === "findings")
      .map(([count, id]) => `${String(count).padStart(4)}  ${id}`),
    ...(snoozed.length > 0
      ? [`${String(snoozed.length).padStart(4)}  findings on rules that are snoozed`]
      : []),
    ...(excluded > 0 ? [`${String(excluded).padStart(4)}  findings on dashboards that are excluded`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function reasonOf(id: string | undefined): string {
  const check = DASHBOARD_CHECKS.find((one) => one.id === id);
  return check === undefined ? "" : `  why: ${check.why} (${check.id})\n`;
}
