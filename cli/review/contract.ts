import type { Change } from "./change.ts";
import { changesWithin, isMap } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";
import { queryDetails } from "./query-diff.ts";

/** A recording rule, as a PrometheusRule has it. */
interface Recorded {
  readonly record: string;
  readonly about: string;
  readonly expr: string;
}

/** What programs of teams and queries of their own rely on: the outputs of the stack, and the names of recorded series. */
export function contractChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  const outputs = changesWithin(before.outputs, after.outputs).flatMap((change): readonly Change[] => {
    const { path, before: was, after: is } = change;
    // Sizes of volumes are settings; services and who is told are compared by themselves.
    if (/^volumes\.|^bellwether\.(services|release|tier)/.test(path)) return [];
    const about = `The output ${path}`;
    if (was === undefined) return [{ kind: "contract-added", about, what: `is new: ${is}` }];
    // Who is told of a team's alerts is compared alert by alert.
    if (path.startsWith("bellwether.teams.") && is !== undefined) return [];
    if (is === undefined)
      return [
        {
          kind: "contract-broken",
          about,
          what: `is gone (it was ${was}); programs of teams that read it fail`,
        },
      ];
    return [
      {
        kind: IDENTITY.test(path) ? "contract-broken" : "contract-changed",
        about,
        what: `${was} → ${is}; programs of teams read it at their next deployment`,
      },
    ];
  });
  return [...outputs, ...recordChanges(before, after)];
}

/** Outputs by which programs of teams find the platform and what belongs to them in it. */
const IDENTITY = /contract$|clusterName$|[nN]amespace|environment$/;

function recordChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  const [was, is] = [recordsOf(before), recordsOf(after)];
  const names = (records: readonly Recorded[]) => new Set(records.map(({ record }) => record));
  const [old, fresh] = [names(was), names(is)];
  const gone = [...old].filter((name) => !fresh.has(name)).sort();
  const expressions = new Map(is.map((each) => [each.about, each.expr]));
  const changed = was.filter(({ about, expr }) => {
    const now = expressions.get(about);
    return now !== undefined && queryDetails(expr, now).length > 0;
  });
  return [
    ...gone.map(
      (name): Change => ({
        kind: "contract-broken",
        about: `The recorded series ${name}`,
        what: "is gone; queries and dashboards of teams that use it are empty",
      }),
    ),
    ...(changed.length === 0
      ? []
      : [
          {
            kind: "record-changed",
            about: `${changed.length} recording ${changed.length === 1 ? "rule" : "rules"}`,
            what: "have another query",
            details: changed.flatMap(({ about, expr }) =>
              queryDetails(expr, expressions.get(about) ?? "").map(({ label, ...values }) => ({
                label: `${about}: ${label}`,
                ...values,
              })),
            ),
          } satisfies Change,
        ]),
  ];
}

/** Every recording rule of the PrometheusRules. */
function recordsOf({ resources }: EnvironmentModel): readonly Recorded[] {
  return resources
    .filter(({ type }) => type.endsWith(":PrometheusRule"))
    .flatMap(({ name, inputs }) => {
      const spec = inputs["spec"];
      const groups =
        isMap(spec) && Array.isArray(spec["groups"]) ? (spec["groups"] as readonly unknown[]) : [];
      return groups.flatMap((group) => {
        const rules =
          isMap(group) && Array.isArray(group["rules"]) ? (group["rules"] as readonly unknown[]) : [];
        return rules.flatMap((rule) =>
          isMap(rule) && typeof rule["record"] === "string"
            ? [
                {
                  record: rule["record"],
                  about: `${name} ${rule["record"]}${labelsOf(rule["labels"])}`,
                  expr: String(rule["expr"]),
                },
              ]
            : [],
        );
      });
    });
}

function labelsOf(labels: unknown): string {
  if (!isMap(labels)) return "";
  return ` ${Object.entries(labels)
    .map(([label, value]) => `${label}=${String(value)}`)
    .sort()
    .join(" ")}`;
}
