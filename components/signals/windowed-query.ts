import { parser } from "@prometheus-io/lezer-promql";
import { type Duration, duration, seconds } from "../core/duration.ts";

/** A node of the syntax tree; the parser's own package does not export its type. */
type Node = ReturnType<typeof parser.parse>["topNode"];

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

const known = new Map<string, Facts>();
/** Some thousand objectives: a process that reads more of them than that reads some twice. */
const MOST_KNOWN = 10_000;

function factsOf(query: string): Facts {
  const before = known.get(query);
  if (before !== undefined) return before;
  const text = query.replaceAll(PLACEHOLDER, STAND_IN);
  const tree = parser.parse(text);
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
  const top = children(tree.topNode).find(({ name }) => name !== "LineComment");
  const isOneSeries = top !== undefined && !keepsLabels(top, text);
  const facts = { text, error, comments, windows, isOneSeries };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(query, facts);
  return facts;
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

/** A query that is a quotient, taken apart. */
export interface Quotient {
  readonly numerator: string;
  readonly denominator: string;
}

/** The two sides of `a / b`, whatever brackets are around it; `undefined` for any other query. */
export function quotient(query: string): Quotient | undefined {
  const { text, top } = read(query);
  if (top === undefined) return undefined;
  const [left, right] = sides(unwrapped(top), "Div");
  if (left === undefined || right === undefined) return undefined;
  return { numerator: restored(unwrapped(left), text), denominator: restored(unwrapped(right), text) };
}

/** What is taken from 1 in `1 - x`; `undefined` for any other query. */
export function complement(query: string): string | undefined {
  const { text, top } = read(query);
  if (top === undefined) return undefined;
  const [left, right] = sides(unwrapped(top), "Sub");
  if (left === undefined || right === undefined) return undefined;
  return Number(text.slice(left.from, left.to)) === 1 ? restored(unwrapped(right), text) : undefined;
}

/** The ranges of a query that has no {@link WINDOW} in it, such as the `5m` of `rate(x[5m])`. */
export function fixedRanges(query: string): readonly string[] {
  const { text, nodes } = read(query);
  return nodes.filter(({ name }) => name === "MatrixSelector").map((node) => rangeText(node, text));
}

/** The query with each fixed range widened or narrowed to the window of the rule. */
export function withWindow(query: string): string {
  const { text, nodes } = read(query);
  const ranges = nodes
    .filter(({ name }) => name === "MatrixSelector")
    .map((node) => node.getChild("DurationExpr"));
  return ranges.reduceRight(
    (rest, range) => (range ? rest.slice(0, range.from) + WINDOW + rest.slice(range.to) : rest),
    text,
  );
}

/** Whether the query is nothing but one selector, or the sum of one. */
export function bareSelector(query: string): string | undefined {
  const { text, top } = read(query);
  if (top === undefined) return undefined;
  const node = unwrapped(top);
  if (node.name === "VectorSelector") return text.slice(node.from, node.to);
  const body = node.name === "AggregateExpr" ? node.getChild("FunctionCallBody") : null;
  const selector = body?.firstChild;
  const isPlainSum = node.getChild("AggregateOp")?.getChild("Sum") && !keepsLabels(node, text);
  return isPlainSum && selector?.name === "VectorSelector" && selector.to === body?.lastChild?.to
    ? text.slice(selector.from, selector.to)
    : undefined;
}

/** Whether a text is PromQL at all. */
export function isPromql(query: string): boolean {
  return query.trim() !== "" && !read(query).nodes.some((node) => node.type.isError);
}

interface Reading {
  /** The query with the stand-in for each placeholder: what the nodes' places are within. */
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly top: Node | undefined;
}

function read(query: string): Reading {
  const text = query.replaceAll(PLACEHOLDER, STAND_IN);
  const nodes: Node[] = [];
  const tree = parser.parse(text);
  tree.iterate({ enter: ({ node }) => void nodes.push(node) });
  const top = children(tree.topNode).find(({ name }) => name !== "LineComment");
  return { text, nodes, top };
}

function restored(node: Node, text: string): string {
  return text.slice(node.from, node.to).replaceAll(STAND_IN, WINDOW).trim();
}

function rangeText(node: Node, text: string): string {
  const range = node.getChild("DurationExpr");
  return range === null ? "" : text.slice(range.from, range.to);
}

/** The function call that a range is given to. */
interface Call extends Stretch {
  readonly name: string;
}

function callAround(range: Node, text: string): Call | undefined {
  for (let node: Node | null = range.parent; node; node = node.parent) {
    if (node.name !== "FunctionCall") continue;
    const name = node.getChild("FunctionIdentifier");
    return name === null ? undefined : { name: text.slice(name.from, name.to), from: node.from, to: node.to };
  }
  return undefined;
}

function unwrapped(node: Node): Node {
  const inner = node.name === "ParenExpr" ? children(node)[0] : undefined;
  return inner === undefined ? node : unwrapped(inner);
}

/** Both sides of a binary operator without a matching clause, where it is the one that is asked for. */
function sides(node: Node, operator: "Div" | "Sub"): readonly Node[] {
  if (node.name !== "BinaryExpr" || node.getChild(operator) === null) return [];
  const [left, right] = [node.firstChild, node.lastChild];
  return left && right && node.getChild("MatchingModifierClause") === null ? [left, right] : [];
}

const NO_LABELS = new Set(["vector", "scalar", "absent", "time", "pi"]);
const PICKS_SERIES = ["Topk", "Bottomk", "LimitK", "LimitRatio", "CountValues"];

function keepsLabels(node: Node, text: string): boolean {
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
      if (name !== null && NO_LABELS.has(text.slice(name.from, name.to))) return false;
      return operands(node.getChild("FunctionCallBody")).some((operand) => keepsLabels(operand, text));
    }
    case "BinaryExpr":
    case "ParenExpr":
    case "UnaryExpr":
      return operands(node).some((operand) => keepsLabels(operand, text));
    default:
      return true;
  }
}

/** The nodes of a PromQL tree that are expressions of their own. */
export const OPERANDS: ReadonlySet<string> = new Set([
  "NumberDurationLiteral",
  "StringLiteral",
  "ParenExpr",
  "UnaryExpr",
  "SubqueryExpr",
  "OffsetExpr",
  "StepInvariantExpr",
  "AggregateExpr",
  "BinaryExpr",
  "FunctionCall",
  "VectorSelector",
  "MatrixSelector",
]);

function operands(node: Node | null): readonly Node[] {
  return node === null ? [] : children(node).filter(({ name }) => OPERANDS.has(name));
}

function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function near(text: string, at: number): string {
  const piece = text.slice(Math.max(0, at - 15), at + 15).replaceAll(STAND_IN, WINDOW);
  return JSON.stringify(piece.replaceAll(/\s+/g, " "));
}
