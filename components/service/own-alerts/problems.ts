import { CATALOGUE } from "../../alerts/catalogue/index.ts";
import { seconds } from "../../core/duration.ts";
import { joinPath, type Problem, shown } from "../../core/problems.ts";
import { parseQuery, UnreadableQuery } from "../../promql/parse.ts";
import { ALERTS } from "../../slo/conventions.ts";
import { NO_AVAILABLE_PODS } from "../names.ts";
import {
  ALERT_NAME,
  type Course,
  LONGEST_QUERY,
  type OwnAlert,
  type OwnAlertExamples,
} from "./definition.ts";

/** The labels that a rule sets by itself, and those that mean something else. */
const RESERVED_LABELS = ["alertname", "service", "slo", "team", "severity"];

/** What is wrong with the alerts of a team beyond their shape; paths start at `path`. */
export function ownAlertProblems(
  alerts: Readonly<Record<string, OwnAlert | "off">>,
  path: string,
): readonly Problem[] {
  return Object.entries(alerts).flatMap(([name, alert]) => {
    const at = joinPath(path, [name]);
    if (alert === "off") return [];
    return [
      ...takenName(name, at),
      ...queryProblems(alert, at),
      ...labelProblems(alert, at),
      ...(alert.examples === undefined ? [] : exampleProblems(alert, alert.examples, at)),
    ];
  });
}

/** Runbooks, silences and inhibition are addressed by the name. */
export function takenName(name: string, path: string): Problem[] {
  const taken: readonly string[] = [
    ...CATALOGUE.map((alert) => alert.name),
    ...Object.values(ALERTS),
    NO_AVAILABLE_PODS,
  ];
  if (!taken.includes(name)) return [];
  return [
    {
      path,
      found: `${shown(name)}, the name of an alert of the platform`,
      allowed: "a name that the platform does not use",
      fix: "rename it, for example with the name of the service in front",
    },
  ];
}

export function queryProblems({ expr }: Pick<OwnAlert, "expr">, path: string): Problem[] {
  const error = queryError(expr);
  if (error === undefined) return [];
  return [
    {
      path: joinPath(path, ["expr"]),
      found: shown(expr),
      allowed: `a PromQL query; this one ${error}`,
      fix: "correct the query",
    },
  ];
}

/** Whether an alert of a team may have the name. */
export function isAlertName(name: string): boolean {
  return ALERT_NAME.test(name) && takenName(name, "").length === 0;
}

/** Whether an alert of a team may have the query. */
export function isQuery(expr: string): boolean {
  return expr.length <= LONGEST_QUERY && queryError(expr) === undefined;
}

function queryError(expr: string): string | undefined {
  try {
    parseQuery(expr);
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableQuery) return error.message;
    throw error;
  }
}

function labelProblems({ labels = {} }: OwnAlert, path: string): Problem[] {
  return Object.keys(labels)
    .filter((label) => RESERVED_LABELS.includes(label))
    .map((label) => ({
      path: joinPath(path, ["labels", label]),
      found: shown(labels[label]),
      allowed: "any other label: the definition sets this one, or it has another meaning",
      fix: label === "severity" ? "remove it, and write severity of the alert" : "remove it",
    }));
}

function exampleProblems(alert: OwnAlert, { fires, silent }: OwnAlertExamples, path: string): Problem[] {
  const at = (...segments: readonly PropertyKey[]) => joinPath(path, ["examples", ...segments]);
  const templates = templatesOf(alert);
  const unknown = templates.flatMap(({ field, actions }) =>
    actions
      .filter((action) => !isKnown(action))
      .map((action) => ({
        path: joinPath(path, [field]),
        found: shown(`{{ ${action} }}`),
        allowed: "{{ $labels.NAME }} and {{ $value }}, so that the examples can say how the text ends up",
        fix: "use one of the two, such as {{ $value | humanizeDuration }}, or remove it",
      })),
  );
  if (unknown.length > 0) return unknown;
  const actions = templates.flatMap((template) => template.actions);
  return [
    ...fires.flatMap(({ series, alerts, holdsFrom, stops }, index) => [
      ...seriesProblems(series, at("fires", index, "series")),
      ...alerts.flatMap((expected, which) =>
        unnamed(alert, expected, actions, at("fires", index, "alerts", which)),
      ),
      ...(stops !== undefined &&
      (seconds(stops.after) < seconds(holdsFrom) + seconds(alert.for) ||
        seconds(stops.by) <= seconds(stops.after))
        ? [
            {
              path: at("fires", index, "stops"),
              found: `after ${stops.after}, by ${stops.by}`,
              allowed: "after: when the alert fires or later, and by: later than after",
              fix: "count both from the start of the example",
            },
          ]
        : []),
    ]),
    ...silent.flatMap(({ series }, index) => seriesProblems(series, at("silent", index, "series"))),
  ];
}

interface Template {
  readonly field: string;
  /** What stands between the braces. */
  readonly actions: readonly string[];
}

function templatesOf({ summary, description = "" }: OwnAlert): readonly Template[] {
  return Object.entries({ summary, description }).map(([field, text]) => ({
    field,
    actions: [...text.matchAll(/\{\{\s*(.*?)\s*\}\}/g)].map(([, action = ""]) => action),
  }));
}

const LABEL = /^\$labels\.(\w+)$/;

function isKnown(action: string): boolean {
  return LABEL.test(action) || /^\$value\b/.test(action);
}

/** What a text names and an expected alert does not say. */
function unnamed(
  alert: OwnAlert,
  { labels, value }: OwnAlertExamples["fires"][number]["alerts"][number],
  actions: readonly string[],
  path: string,
): Problem[] {
  const known = [...Object.keys(labels), ...Object.keys(alert.labels ?? {}), "service", "team", "severity"];
  const missing = [...new Set(actions.flatMap((action) => LABEL.exec(action)?.[1] ?? []))].filter(
    (label) => !known.includes(label),
  );
  const needsValue = value === undefined && actions.some((action) => action.startsWith("$value"));
  return [
    ...missing.map((label) => ({
      path: joinPath(path, ["labels", label]),
      found: "nothing",
      allowed: "the value of the label, which the summary or the description shows",
      fix: `add ${label} to the labels, and keep it in the query`,
    })),
    ...(needsValue
      ? [
          {
            path: joinPath(path, ["value"]),
            found: "nothing",
            allowed: "the text that the value is printed as in the summary or the description",
            fix: 'add value, such as "12.5%"',
          },
        ]
      : []),
  ];
}

function seriesProblems(series: Readonly<Record<string, Course>>, path: string): Problem[] {
  return Object.entries(series).flatMap(([selector, course]) => {
    const at = joinPath(path, [selector]);
    return [
      ...(isOneSeries(selector)
        ? []
        : [
            {
              path: at,
              found: shown(selector),
              allowed: 'one series, each label with its value, such as orders_total{job="storefront"}',
              fix: "write = between each label and its value",
            },
          ]),
      ...stageProblems(course, at),
    ];
  });
}

function isOneSeries(selector: string): boolean {
  if (queryError(selector) !== undefined) return false;
  const expression = parseQuery(selector);
  return expression.kind === "selector" && expression.matchers.every(({ operator }) => operator === "=");
}

function stageProblems(course: Course, path: string): Problem[] {
  if (typeof course === "number") return [];
  return course.flatMap((stage, index) => {
    const isLast = index === course.length - 1;
    if (isLast === (stage.for === undefined)) return [];
    return [
      {
        path: joinPath(path, [index, "for"]),
        found: shown(stage.for),
        allowed: isLast
          ? "nothing: the last stage goes on to the end"
          : "how long the stage takes, such as 10m",
        fix: isLast ? "remove for, or add a stage behind it" : "add for",
      },
    ];
  });
}
