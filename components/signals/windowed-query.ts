import { type Duration, duration, seconds } from "../core/duration.ts";
import { memoize } from "../core/memoize.ts";
import { enclosing, operandsOf, type PromqlNode, textOf, topOf, treeOf } from "../promql/tree.ts";

/** The placeholder for the window, as in Sloth. */
export const WINDOW = "{{.window}}";

/** Go templates allow spaces around the name. */
const PLACEHOLDER = /\{\{\s*\.window\s*\}\}/g;

/** Replaces the placeholder for parsing: a duration that does not occur in queries. */
const PLACEHOLDER_DURATION = "7919s";

/**
 * The unit of a query: `rate` returns events per second, `increase` and `count_over_time` the events of the window. A query with both has
 * no unit.
 */
export type Counting = "per second" | "per window" | "mixed";

/** Functions whose value is proportional to the length of the range. */
const PER_WINDOW = new Set(["increase", "count_over_time", "sum_over_time", "changes", "resets"]);

/** The mistake in a query, as a phrase of what is allowed; `undefined` for a valid query. */
export function queryMistake(query: string): string | undefined {
  if (query.trim() === "") return "a PromQL query";
  const placeholders = query.match(PLACEHOLDER)?.length ?? 0;
  if (query.replaceAll(PLACEHOLDER, "").includes("{{"))
    return `PromQL without other placeholders than ${WINDOW}`;
  if (placeholders === 0) return `PromQL with the placeholder ${WINDOW}, as in rate(errors_total[${WINDOW}])`;
  const { text, error, windows } = factsOf(query);
  if (error !== undefined) return `valid PromQL; there is a syntax error near ${near(text, error)}`;
  if (windows.length < placeholders)
    return `${WINDOW} only as the range of a selector or a subquery, as in rate(errors_total[${WINDOW}])`;
  if (counting(query) === "mixed") return "either rate or increase in a query, and not both";
  return undefined;
}

/** Whether the query returns one series without labels. */
export function isOneSeries(query: string): boolean {
  return factsOf(query).isOneSeries;
}

/** The unit of a query, by the functions with the window as range. */
export function counting(query: string): Counting {
  const found = new Set(
    factsOf(query).windows.map(({ call }) =>
      PER_WINDOW.has(call?.name ?? "") ? "per window" : "per second",
    ),
  );
  return found.size > 1 ? "mixed" : ([...found][0] ?? "per second");
}

/** A part of a text. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The cached results of parsing a query. */
interface Facts {
  /** The query with a duration for each placeholder. The spans are positions in this text. */
  readonly text: string;
  /** The position of the first syntax error. */
  readonly error: number | undefined;
  readonly comments: readonly Span[];
  /** The ranges with the length of the window, each with the function call around it. */
  readonly windows: readonly { readonly length: Span; readonly call: Call | undefined }[];
  readonly isOneSeries: boolean;
}

/** Nodes with a time range. */
const RANGES = new Set(["MatrixSelector", "SubqueryExpr"]);

/** Enough for several thousand objectives. */
const MOST_QUERIES = 10_000;

const factsOf = memoize(readFacts, { most: MOST_QUERIES });

function readFacts(query: string): Facts {
  const text = withoutPlaceholders(query);
  const tree = treeOf(text);
  const comments: Span[] = [];
  const windows: { readonly length: Span; readonly call: Call | undefined }[] = [];
  let error: number | undefined;
  tree.iterate({
    // Reads node.name and node.type only: creating an object for each node takes longer than parsing.
    enter: (found) => {
      if (found.type.isError) error ??= found.from;
      else if (found.name === "LineComment") comments.push({ from: found.from, to: found.to });
      else if (RANGES.has(found.name)) {
        const length = found.node.getChild("DurationExpr");
        if (length && text.slice(length.from, length.to) === PLACEHOLDER_DURATION)
          windows.push({ length: { from: length.from, to: length.to }, call: callAround(found.node, text) });
      }
    },
  });
  const top = topOf(tree);
  return { text, error, comments, windows, isOneSeries: top !== undefined && !keepsLabels(top, text) };
}

/** A query that can be parsed: with a duration for each placeholder. */
export function withoutPlaceholders(query: string): string {
  return query.replaceAll(PLACEHOLDER, PLACEHOLDER_DURATION);
}

/** The reverse of {@link withoutPlaceholders} for a part of its result. */
export function withPlaceholders(text: string): string {
  return text.replaceAll(PLACEHOLDER_DURATION, WINDOW);
}

/** The ranges of a query over one step, from one scrape to the next. */
export interface StepRanges {
  /** The time between two scrapes. */
  readonly step: Duration;
  /** The range in which the newest step is found: it must contain two samples, even after a missing scrape. */
  readonly reach: Duration;
}

/** A query over one step. */
export interface StepQuery {
  readonly text: string;
  /** Whether its value is the number of events in the step or per second. */
  readonly counting: Exclude<Counting, "mixed">;
}

/** Functions of counters that `irate` replaces: it returns the rate of the newest step. */
const OF_COUNTERS = new Set(["rate", "increase", "irate"]);

/** Functions that compare each sample with the previous one: they need a range of two steps. */
const BETWEEN_SAMPLES = new Set(["changes", "resets", "delta", "idelta", "deriv"]);

/**
 * The query over a single step instead of a window. Windows are sums of steps, so that each increase of a counter is counted exactly once,
 * without the extrapolation of `rate`. Comments are removed, because text is appended to the query.
 */
export function stepQuery(query: string, { step, reach }: StepRanges): StepQuery {
  const { text, comments, windows } = factsOf(query);
  const countsWindow = counting(query) === "per window";
  const allIncreases = windows.every(({ call }) => call?.name === "increase");
  const edits: Edit[] = comments.map(({ from, to }) => ({
    from: from - blanksBefore(text, from),
    to,
    text: "",
  }));
  for (const { length, call } of windows) {
    const isCounter = OF_COUNTERS.has(call?.name ?? "");
    const isPair = BETWEEN_SAMPLES.has(call?.name ?? "");
    edits.push({ ...length, text: isCounter ? reach : isPair ? duration(2 * seconds(step)) : step });
    if (!call || !isCounter) continue;
    const inStep = countsWindow && !allIncreases;
    edits.push({ from: call.from, to: call.from + call.name.length, text: `${inStep ? "(" : ""}irate` });
    if (inStep) edits.push({ from: call.to, to: call.to, text: ` * ${seconds(step)})` });
  }
  return {
    text: edited(text, edits).trim(),
    counting: countsWindow && !allIncreases ? "per window" : "per second",
  };
}

interface Edit extends Span {
  readonly text: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((rest, edit) => rest.slice(0, edit.from) + edit.text + rest.slice(edit.to), text);
}

function blanksBefore(text: string, at: number): number {
  return at - text.slice(0, at).trimEnd().length;
}

/** A function call with a range as argument. */
interface Call extends Span {
  readonly name: string;
}

function callAround(range: PromqlNode, text: string): Call | undefined {
  const call = enclosing(range, "FunctionCall");
  const name = call?.getChild("FunctionIdentifier");
  return call && name ? { name: textOf(name, text), from: call.from, to: call.to } : undefined;
}

const NO_LABELS = new Set(["vector", "scalar", "absent", "time", "pi"]);
const PICKS_SERIES = ["Topk", "Bottomk", "LimitK", "LimitRatio", "CountValues"];

function keepsLabels(node: PromqlNode, text: string): boolean {
  switch (node.name) {
    case "NumberDurationLiteral":
    case "StringLiteral":
      return false;
    case "AggregateExpr": {
      const modifier = node.getChild("AggregateModifier");
      const groups = modifier?.getChild("GroupingLabels")?.getChildren("LabelName").length ?? 0;
      const operation = node.getChild("AggregateOp");
      const picks = PICKS_SERIES.some((name) => operation?.getChild(name));
      return picks || (modifier !== null && (groups > 0 || modifier.getChild("By") === null));
    }
    case "FunctionCall": {
      const name = node.getChild("FunctionIdentifier");
      if (name !== null && NO_LABELS.has(textOf(name, text))) return false;
      return operandsOf(node.getChild("FunctionCallBody")).some((operand) => keepsLabels(operand, text));
    }
    case "BinaryExpr":
    case "ParenExpr":
    case "UnaryExpr":
      return operandsOf(node).some((operand) => keepsLabels(operand, text));
    default:
      return true;
  }
}

function near(text: string, at: number): string {
  const piece = withPlaceholders(text.slice(Math.max(0, at - 15), at + 15));
  return JSON.stringify(piece.replaceAll(/\s+/g, " "));
}
