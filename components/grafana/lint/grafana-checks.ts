import { isOfAlerts, isRecorded } from "../../lint/metrics.ts";
import { printSelector, type SelectorExpression, selectorsOf } from "../../promql/expression.ts";
import { UnreadableQuery } from "../../promql/parse.ts";
import type { DashboardJson, VariableJson } from "../json.ts";
import {
  asSent,
  callsOf,
  type DashboardCheck,
  type Fault,
  ofPanels,
  ofQueries,
  ofTargets,
  RATE_INTERVAL,
  readTarget,
  variablesOf,
} from "./check.ts";

// The rules of Grafana's dashboard-linter, with the same names. The original is a Go program that reads files; here the rules run together
// with our own checks, before files are written.

const RATES = new Set(["rate", "irate"]);
const OF_COUNTERS = new Set(["rate", "irate", "increase"]);

/** The variable of the data source, named as in Grafana's own dashboards. */
function isDataSourceChoice({ type, name, label }: VariableJson): boolean {
  return type === "datasource" && name === "datasource" && label === "Data source";
}

function template(label: "job" | "instance") {
  return (dashboard: DashboardJson): readonly Fault[] => {
    const found = variablesOf(dashboard).find(({ name }) => name === label);
    if (found === undefined) return [{ what: `has no variable for ${label}` }];
    return found.type === "query" && found.multi === true
      ? []
      : [{ what: `has a variable for ${label} that is not a query, or allows only one value` }];
  };
}

/** Whether the series come from a scrape; alerts and records do not, and need no job or instance. */
function isScraped({ metric }: SelectorExpression): boolean {
  return metric !== undefined && !isOfAlerts(metric) && !isRecorded(metric);
}

function matcher(label: "job" | "instance"): DashboardCheck["judge"] {
  return ofQueries((query) =>
    selectorsOf(query)
      .filter((selector) => isScraped(selector) && !selector.matchers.some((one) => one.label === label))
      .map((selector) => `has the selector ${printSelector(selector)} without a matcher for ${label}`),
  );
}

const LOKI = "loki";

/** Every rule of grafana/dashboard-linter. */
export const GRAFANA_CHECKS: readonly DashboardCheck[] = [
  {
    id: "template-datasource",
    title: "A variable called datasource, labelled Data source, chooses the data source.",
    why: "A dashboard with a fixed data source shows no data in another Grafana.",
    judge: (dashboard) =>
      variablesOf(dashboard).some(isDataSourceChoice)
        ? []
        : [{ what: "has no variable for the data source" }],
  },
  {
    id: "template-job",
    title: "A variable chooses the job.",
    why: "Without it the dashboard mixes the series of all jobs that export the metric.",
    judge: template("job"),
  },
  {
    id: "template-instance",
    title: "A variable chooses the instance.",
    why: "Without it the dashboard cannot show a single instance.",
    judge: template("instance"),
  },
  {
    id: "template-label-promql",
    title: "The query of a variable is label_values with a valid PromQL selector.",
    why: "If its query fails, the variable has no values and every panel is empty.",
    judge: (dashboard) =>
      variablesOf(dashboard).flatMap(({ type, name, definition }) => {
        if (type !== "query") return [];
        const selector = /^label_values\((.+), \w+\)$/.exec(definition ?? "")?.[1];
        return selector === undefined || readTarget({ expr: selector }) instanceof UnreadableQuery
          ? [{ what: `has the variable ${name} with the query ${definition ?? "(none)"}` }]
          : [];
      }),
  },
  {
    id: "template-on-time-change-reload",
    title: "Variables are queried again when the time range changes.",
    why: "Otherwise the variables list no pods of an earlier time range.",
    judge: (dashboard) =>
      variablesOf(dashboard)
        .filter(({ type, refresh }) => type === "query" && refresh !== 2)
        .map(({ name }) => ({ what: `does not refresh the variable ${name} with the time range` })),
  },
  {
    id: "panel-datasource",
    title: "Every panel, query and annotation uses the selected data source.",
    why: "Otherwise it shows the data of another cluster.",
    judge: (dashboard, world) => {
      const chosen = variablesOf(dashboard)
        .filter(({ type }) => type === "datasource")
        .map(({ name }) => `\${${name}}`);
      const isChosen = (source: { uid?: string } | undefined) => chosen.includes(source?.uid ?? "");
      return [
        ...ofPanels(({ datasource, targets }) => [
          ...(isChosen(datasource) ? [] : ["does not use the selected data source"]),
          ...targets
            .filter((target) => !isChosen(target.datasource))
            .map(({ refId }) => `does not use the selected data source in query ${refId}`),
        ])(dashboard, world),
        ...dashboard.annotations.list
          // Grafana puts its own annotations on every dashboard.
          .filter(({ datasource, builtIn }) => !builtIn && !isChosen(datasource))
          .map(({ name }) => ({ what: `does not use the selected data source for the annotations ${name}` })),
      ];
    },
  },
  {
    id: "panel-title-description",
    title: "Every panel has a title, and a description that is a sentence.",
    why: "The on-call engineer may see the panel for the first time during an incident.",
    judge: ofPanels(({ title, description }) => [
      ...(title ? [] : ["has no title"]),
      ...(/[.?]$/.test(description ?? "") ? [] : ["has no description that is a sentence"]),
    ]),
  },
  {
    id: "panel-units",
    title: "Every panel has a unit.",
    why: "Without a unit, a reader cannot distinguish seconds and milliseconds.",
    judge: ofPanels(({ fieldConfig }) => (fieldConfig.defaults.unit ? [] : ["has no unit"])),
  },
  {
    id: "panel-no-targets",
    title: "Every panel has a query.",
    why: "An empty panel looks as if there were no problem.",
    judge: ofPanels(({ targets }) =>
      targets.length > 0 && targets.every(({ expr }) => expr.trim() !== "") ? [] : ["has no query"],
    ),
  },
  {
    id: "target-logql",
    title: "A Loki query selects a stream.",
    why: "LogQL without a stream selector is an error.",
    judge: ofTargets(({ datasource, expr, refId }) =>
      datasource?.type === LOKI && !/\{[^{}]+\}/.test(expr) ? [`selects no stream in query ${refId}`] : [],
    ),
  },
  {
    id: "target-logql-auto",
    title: "The range of a Loki query is $__auto.",
    why: "A fixed range misses lines when it is shorter than a step, and counts them twice when it is longer.",
    judge: ofTargets(({ datasource, expr, refId }) =>
      datasource?.type === LOKI && /\[(?!\$__auto\])/.test(expr)
        ? [`has a fixed range in query ${refId}`]
        : [],
    ),
  },
  {
    id: "target-promql",
    title: "Every query is valid PromQL.",
    why: "Grafana shows an error and an empty panel for an invalid query.",
    judge: ofTargets((target) => {
      if (target.datasource?.type === LOKI) return [];
      const query = readTarget(target);
      return query instanceof UnreadableQuery ? [`${query.message}: ${asSent(target.expr)}`] : [];
    }),
  },
  {
    id: "target-rate-interval",
    title: "The range of a rate is $__rate_interval.",
    why: "A fixed range has no result if it is shorter than two scrapes, and misses spikes if it is shorter than the step of the panel.",
    judge: ofQueries((query) =>
      callsOf(query, RATES).flatMap(({ name, range }) =>
        range?.kind === "range" && range.length !== RATE_INTERVAL ? [`has a ${name} over a fixed range`] : [],
      ),
    ),
  },
  {
    id: "target-job",
    title: "Every selector of a scraped metric has a matcher for job.",
    why: "Two jobs may export a metric with the same name.",
    judge: matcher("job"),
  },
  {
    id: "target-instance",
    title: "Every selector of a scraped metric has a matcher for instance.",
    why: "Without it the query ignores the variable instance.",
    judge: matcher("instance"),
  },
  {
    id: "target-counter-agg",
    title: "A counter is shown as rate or increase.",
    why: "The value of a counter only shows how long the process has run.",
    judge: ofQueries((query) => {
      const counted = callsOf(query, OF_COUNTERS).flatMap(({ call }) => selectorsOf(call));
      return selectorsOf(query)
        .filter((selector) => selector.metric?.endsWith("_total") && !counted.includes(selector))
        .map((selector) => `shows the counter ${selector.metric} without rate or increase`);
    }),
  },
  {
    id: "uneditable-dashboard",
    title: "The dashboard is not editable.",
    why: "The next deployment overwrites manual changes.",
    judge: ({ editable }) => (editable === false ? [] : [{ what: "can be edited" }]),
  },
];
