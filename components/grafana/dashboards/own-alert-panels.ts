import { COMPARISONS, type Expression, isSame } from "../../promql/expression.ts";
import { parsedQuery } from "../../promql/parse.ts";
import { nodesOf, textOf } from "../../promql/tree.ts";
import { type OwnAlert, ownAlertPanel } from "../../service/model.ts";
import type { Section } from "../dashboard.ts";
import { alertLink } from "../link.ts";
import type { Panel } from "../panel.ts";
import { balanced } from "../signal-panels.ts";
import type { Limit, View } from "../view.ts";

/** The alerts of a team about its service, as its dashboard shows them. */
export interface DrawnAlerts {
  readonly owner: string;
  readonly alerts: readonly (readonly [name: string, alert: OwnAlert])[];
  /** Base URL of the runbooks; without it panels link only to the runbooks with a URL of their own. */
  readonly runbookBaseUrl: string | undefined;
}

/** A panel for each alert: what it compares, with its limit as a line, or how many results its query has. */
export function ownAlertSections(drawn: DrawnAlerts): Section[] {
  if (drawn.alerts.length === 0) return [];
  return [
    {
      title: `Alerts of team ${drawn.owner}`,
      lines: balanced(drawn.alerts.map(([name, alert]) => ownAlertPanelOf(name, alert, drawn))),
    },
  ];
}

function ownAlertPanelOf(name: string, alert: OwnAlert, { runbookBaseUrl }: DrawnAlerts): Panel {
  const compared = comparisonOf(alert.expr);
  const runbook = alert.runbook ?? (runbookBaseUrl && `${runbookBaseUrl}/${name}.md`);
  const proof = alert.examples === undefined ? " Unproven: the alert has no examples." : "";
  return {
    key: ownAlertPanel(name),
    title: name,
    description:
      compared === undefined
        ? `Number of results of the condition of the alert. It is pending or firing while there is one.${proof}`
        : `What the alert compares${compared.view.kind === "lines" && compared.view.limit ? ". The line is its limit" : ""}.${proof}`,
    unit: "short",
    view: compared?.view ?? { kind: "lines" },
    // Without a legend of ours: only the team knows the labels. Grafana shows those that differ.
    queries: [{ expr: compared?.expr ?? `count(${asDrawn(alert.expr)}) or vector(0)`, legend: "__auto" }],
    links: [...(runbook ? [{ title: `Runbook ${name}`, url: runbook }] : []), alertLink(name)],
  };
}

/** The side of a query that is compared with a number, as a query; undefined for another condition. */
function comparisonOf(expr: string): { readonly expr: string; readonly view: View } | undefined {
  const query = parsedQuery(expr);
  if (query?.kind !== "binary" || query.bool || query.right.kind !== "number") return undefined;
  const left = COMPARISONS.has(query.operator) ? textOfPart(expr, query.left) : undefined;
  if (left === undefined) return undefined;
  const bad = BAD[query.operator];
  return {
    expr: asDrawn(left),
    // Beside a single number there is no bad side to draw.
    view: { kind: "lines", ...(bad && { limit: { value: query.right.value, bad } }) },
  };
}

const BAD: Readonly<Record<string, Limit["bad"] | undefined>> = {
  ">": "above",
  ">=": "above",
  "<": "below",
  "<=": "below",
};

/** A rate over the range that fits the resolution of the panel, and not over that of the alert. */
function asDrawn(expr: string): string {
  return expr.replaceAll(/(\bi?rate\([^()[\]]*)\[[0-9a-z]+\]/g, "$1[$__rate_interval]");
}

/** The longest part of a text that means the expression. */
function textOfPart(text: string, part: Expression): string | undefined {
  return nodesOf(text)
    .map((node) => textOf(node, text))
    .find((inner) => {
      const query = inner === text ? undefined : parsedQuery(inner);
      return query !== undefined && isSame(query, part);
    });
}
