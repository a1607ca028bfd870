import type { RuleStep } from "../../components/grafana/alerting/conditions.ts";
import type { GrafanaRule } from "../../components/grafana/alerting/render.ts";

// A simulator: no Grafana runs in the tests. It evaluates a rendered rule's own steps as Grafana's documentation of expressions says:
// reduce, math and threshold over what the data sources answered; and the states for no data and for no answer.

/** One series of a data source's answer: its points, the newest last. */
interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly number[];
}

/** What each query of a rule was answered, by its refId; or that nobody answered. */
export type Answers = Readonly<Record<string, readonly AnsweredSeries[]>> | "no answer";

/** One number with its labels. */
interface Reading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What fires: the labels of each instance. An alert that fires for want of data, or of an answer, is one without labels. */
export function firing(rule: GrafanaRule, answers: Answers): readonly Readonly<Record<string, string>>[] {
  if (answers === "no answer") return rule.execErrState === "Alerting" ? [{}] : [];
  const readings = new Map<string, readonly Reading[]>();
  for (const step of rule.steps) {
    if (step.datasourceUid !== "__expr__") continue;
    readings.set(step.refId, evaluate(step, answers, readings));
  }
  const condition = readings.get(rule.condition);
  if (condition === undefined) throw new Error(`${rule.title} has no step ${rule.condition}`);
  if (condition.length === 0) return rule.noDataState === "Alerting" ? [{}] : [];
  return condition.filter(({ value }) => value === 1).map(({ labels }) => labels);
}

function evaluate(
  { refId, model }: RuleStep,
  answers: Exclude<Answers, string>,
  readings: ReadonlyMap<string, readonly Reading[]>,
): readonly Reading[] {
  const { type, expression } = model as { type: string; expression: string };
  const known = (name: string): readonly Reading[] => {
    const found = readings.get(name);
    if (found === undefined) throw new Error(`${refId} reads ${name}, which no step before it yields`);
    return found;
  };
  switch (type) {
    case "reduce":
      return (answers[expression] ?? []).flatMap(({ labels, points }) => {
        // The mode dropNN: what is no number is left out, and a series of nothing else is none.
        const numbers = points.filter((point) => Number.isFinite(point));
        return numbers.length === 0 ? [] : [{ labels, value: reduced(numbers, String(model["reducer"])) }];
      });
    case "math":
      return new Formula(expression, known).readings();
    case "threshold": {
      const [condition] = model["conditions"] as { evaluator: { type: string; params: number[] } }[];
      const { type: side, params = [] } = condition?.evaluator ?? {};
      const [limit = Number.NaN] = params;
      const holds = (value: number) => (side === "gt" ? value > limit : value < limit);
      if (side !== "gt" && side !== "lt") throw new Error(`no threshold: ${side}`);
      return known(expression).map(({ labels, value }) => ({ labels, value: holds(value) ? 1 : 0 }));
    }
    default:
      throw new Error(`${type} is no expression that is simulated`);
  }
}

function reduced(numbers: readonly number[], reducer: string): number {
  switch (reducer) {
    case "last":
      return numbers.at(-1) ?? Number.NaN;
    case "sum":
      return numbers.reduce((sum, one) => sum + one, 0);
    case "max":
      return Math.max(...numbers);
    default:
      throw new Error(`${reducer} is no reducer that is simulated`);
  }
}

/** Sums and quotients of named readings; those of the same labels belong together. */
class Formula {
  private readonly tokens: string[];
  private readonly known: (name: string) => readonly Reading[];

  constructor(text: string, known: (name: string) => readonly Reading[]) {
    this.tokens = text.match(/\$\w+|[()+/]|\S+/g) ?? [];
    this.known = known;
  }

  readings(): readonly Reading[] {
    const found = this.sum();
    if (this.tokens.length > 0) throw new Error(`a formula goes on with ${this.tokens.join(" ")}`);
    return found;
  }

  private sum(): readonly Reading[] {
    let left = this.quotient();
    while (this.tokens[0] === "+") {
      this.tokens.shift();
      left = joined(left, this.quotient(), (a, b) => a + b);
    }
    return left;
  }

  private quotient(): readonly Reading[] {
    let left = this.operand();
    while (this.tokens[0] === "/") {
      this.tokens.shift();
      left = joined(left, this.operand(), (a, b) => a / b);
    }
    return left;
  }

  private operand(): readonly Reading[] {
    const token = this.tokens.shift();
    if (token === "(") {
      const inner = this.sum();
      if (this.tokens.shift() !== ")") throw new Error("a bracket is not closed");
      return inner;
    }
    if (token?.startsWith("$") !== true) throw new Error(`no operand: ${token}`);
    return this.known(token.slice(1));
  }
}

function joined(
  left: readonly Reading[],
  right: readonly Reading[],
  of: (a: number, b: number) => number,
): Reading[] {
  const key = ({ labels }: Reading) => JSON.stringify(Object.entries(labels).sort());
  return left.flatMap((one) => {
    const other = right.find((candidate) => key(candidate) === key(one));
    return other === undefined ? [] : [{ labels: one.labels, value: of(one.value, other.value) }];
  });
}
