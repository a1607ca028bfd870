import { inhibitRules } from "../alertmanager/inhibition.ts";
import type { AlertmanagerSettings } from "../alertmanager/model.ts";
import { countRoutes, longestRepeat } from "../alertmanager/store-configuration.ts";
import { duration } from "../core/duration.ts";
import type { Problem } from "../core/problems.ts";
import type { Expression } from "../promql/expression.ts";
import { partsOf } from "../promql/expression.ts";
import { parsedQuery } from "../promql/parse.ts";
import type { RuleLimits } from "./limits.ts";
import type { StoredFile, StoredGroup } from "./render.ts";

/**
 * What of the rules and the routes exceeds the limits of a store, each with its count. `path` is that of Prometheus' settings; a limit
 * that was raised for the workspace is not known here.
 */
export function quotaProblems(
  files: Readonly<Record<string, StoredFile>>,
  settings: AlertmanagerSettings,
  limits: RuleLimits,
  path: string,
): readonly Problem[] {
  const groups = Object.values(files).flatMap((file) => file.groups);
  const over = (what: string, count: number, most: number, fix: string): Problem[] =>
    count <= most
      ? []
      : [
          {
            path: `${path}.rules`,
            found: `store, with ${count} ${what}`,
            allowed: `at most ${most} in ${limits.engine}`,
            fix,
          },
        ];
  const local = "write rules: local, which has no such limit";
  return [
    ...over("rule groups", groups.length, limits.groups, `remove objectives, or ${local}`),
    ...over(
      "namespaces of rules",
      Object.keys(files).length,
      limits.namespaces,
      `let fewer teams own services, or ${local}`,
    ),
    ...groups.flatMap(({ name, rules }) =>
      over(`rules in the group ${name}`, rules.length, limits.rulesInGroup, local),
    ),
    ...Object.entries(files).flatMap(([name, { text }]) =>
      over(
        `bytes of rules in the namespace ${name}`,
        Buffer.byteLength(text),
        limits.fileBytes,
        `split the services of the team, or ${local}`,
      ),
    ),
    ...over("inhibition rules", inhibitRules(settings).length, limits.inhibitions, local),
    ...over("routes", countRoutes(settings), limits.routes, `remove hours, namespaces or teams, or ${local}`),
    ...repeatProblems(settings, limits, path),
    ...groups.flatMap((group) => rangeProblems(group, limits, path)),
  ];
}

function repeatProblems(
  settings: AlertmanagerSettings,
  { repeatSeconds, engine }: RuleLimits,
  path: string,
): Problem[] {
  const longest = longestRepeat(settings);
  if (longest <= repeatSeconds) return [];
  return [
    {
      path: `${path}.rules`,
      found: `store, with a notification that is repeated after ${duration(longest)}`,
      allowed: `at most ${duration(repeatSeconds)} in ${engine}`,
      fix: "let the hours of the team leave out fewer days, or write rules: local",
    },
  ];
}

function rangeProblems(
  { name, rules }: StoredGroup,
  { queryDays, engine }: RuleLimits,
  path: string,
): Problem[] {
  return rules.flatMap(({ expr, record, alert }) => {
    const query = parsedQuery(expr);
    const longest = query === undefined ? 0 : longestRange(query);
    if (longest <= queryDays * 86_400) return [];
    return [
      {
        path: `${path}.rules`,
        found: `store, and ${record ?? alert} of the group ${name} queries a range of ${duration(longest)}`,
        allowed: `at most ${queryDays} days in ${engine}`,
        fix: "choose a shorter period for the objective, or write rules: local",
      },
    ];
  });
}

/** Seconds between the oldest and the newest sample that a query reads of one selector. */
function longestRange(query: Expression): number {
  const within = Math.max(0, ...partsOf(query).map(longestRange));
  return query.kind === "range" || query.kind === "subquery" ? query.length + within : within;
}
