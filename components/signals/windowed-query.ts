import { type Duration, duration, seconds } from "../core/duration.ts";
import { memoize } from "../core/memoize.ts";
import { enclosing, operandsOf, type PromqlNode, textOf, topOf, treeOf } from "../promql/tree.ts";

/** Where a query leaves room for the length of the window, as Sloth writes it. */
export const WINDOW = "{{.window}}";

/** Blanks around the name are allowed, as Go's templates allow them. */
const PLACEHOLDER = /\{\{\s*\.window\s*\}\}/g;

/** Stands in for the window while a query is read: a length that nobody writes, of as many letters as any other. */
const STAND_IN = "7919s";

/**
 * What a query counts by: `rate` gives events per second, `increase` and `count_over_time` the events of the window. What
 * mixes both has no unit, and no query says it by itself.
 */
export type Counting = "per second" | "per window" | "mixed";

/** Functions over a range whose value grows with the range's length. */
const PER_WINDOW = new Set(["increase", "count_over_time", "sum_over_time", "changes", "resets"]);

/** What stands wrong in a query, as a phrase of what is allowed; `undefined` for a good one. */
export function queryMistake(query: string): string | undefined {
  if (query.trim() === "") return "a PromQL query, and not an empty text";
  const placeholders = query.match(PLACEHOLDER)?.length ?? 0;
  if (query.replaceAll(PLACEHOLDER, "").includes("{{")) return `PromQL with no other template than ${WINDOW}`;
  if (placeholders === 0)
    return `PromQL that reads the window of the rule, as in rate(errors_total[${WINDOW}])`;
  const { text, error, windows } = factsOf(query);
  if (error !== undefined) return `PromQL; this stops being it near ${near(text, error)}`;
  if (windows.length < placeholders)
    return `${WINDOW} as the range of a selector or a subquery alone, as in rate(errors_total[${WINDOW}])`;
  if (counting(query) === "mixed")
    return "one way of counting in a query: rate, or increase, and not both of them";
  return undefined;
}

/** Whether the query's value is one number without labels: what groups by labels has a value for each group. */
export function isOneSeries(query: string): boolean {
  return factsOf(query).isOneSeries;
}

/** How a query counts, by the functions that read the window. */
export function counting(query: string): Counting {
  const found = new Set(
    factsOf(query).windows.map(({ call }) =>
      PER_WINDOW.has(call?.name ?? "") ? "per window" : "per second",
    ),
  );
  return found.size > 1 ? "mixed" : ([...found][0] ?? "per second");
}

/** A stretch of a text. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What is asked of a query again and again: when it is checked, when its rules are made, when its cases are. */
interface Facts {
  /** The query with the stand-in for each placeholder: what the stretches are of. */
  readonly text: string;
  /** Where the text stops being PromQL. */
  readonly error: number | undefined;
  readonly comments: readonly Stretch[];
  /** The lengths that range over the window, each with the function that the range is given to. */
  readonly windows: readonly { readonly length: Stretch; readonly call: Call | undefined }[];
  readonly isOneSeries: boolean;
}

/** What ranges over time. */
const RANGES = new Set(["MatrixSelector", "SubqueryExpr"]);

/** Some thousand objectives. */
const MOST_QUERIES = 10_000;

const factsOf = memoize(readFacts, { most: MOST_QUERIES });

function readFacts(query: string): Facts {
  const text = withoutPlaceholders(query);
  const tree = treeOf(text);
  const comments: Stretch[] = [];
  const windows: { readonly length: Stretch; readonly call: Call | undefined }[] = [];
  let error: number | undefined;
  tree.iterate({
    // Most nodes are nothing to us, and making an object of each takes longer than the parser does.
    enter: (found) => {
      if (found.type.isError) error ??= found.from;
      else if (found.name === "LineComment") comments.push({ from: found.from, to: found.to });
      else if (RANGES.has(found.name)) {
        const length = found.node.getChild("DurationExpr");
        if (length && text.slice(length.from, length.to) === STAND_IN)
          windows.push({ length: { from: length.from, to: length.to }, call: callAround(found.node, text) });
      }
    },
  });
  const top = topOf(tree);
  return { text, error, comments, windows, isOneSeries: top !== undefined && !keepsLabels(top, text) };
}

/** A query that the grammar reads: a length stands where the placeholder was. */
export function withoutPlaceholders(query: string): string {
  return query.replaceAll(PLACEHOLDER, STAND_IN);
}

/** A piece of what {@link withoutPlaceholders} made, with the placeholders again. */
export function withPlaceholders(text: string): string {
  return text.replaceAll(STAND_IN, WINDOW);
}

/** Over which lengths a query is asked for what went by in one step, from one scrape to the next. */
export interface StepRanges {
  /** The time between two scrapes. */
  readonly step: Duration;
  /** What the function looks back over that finds the newest step: it has to hold two samples, also after a lost scrape. */
  readonly reach: Duration;
}

/** A query of what went by in one step. */
export interface StepQuery {
  readonly text: string;
  /** Whether its value counts the events of the step, or those of each second of it. */
  readonly counting: Exclude<Counting, "mixed">;
}

/** Rates of counters, which `irate` tells of the newest step alone. Its unit is that of `rate`. */
const OF_COUNTERS = new Set(["rate", "increase", "irate"]);

/** What compares each sample with the one before: one step more than the events are counted in. */
const BETWEEN_SAMPLES = new Set(["changes", "resets", "delta", "idelta", "deriv"]);

/**
 * The query over a single step instead of a window. Windows are made of such steps, so that a query of counters gives each
 * increment to one window, where `rate` would stretch what lies at the ends. Comments are left out: what follows the query must
 * not become one.
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

interface Edit extends Stretch {
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

/** The function call that a range is given to. */
interface Call extends Stretch {
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
