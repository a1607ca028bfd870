import { type ReadNode as Node, operandsOf } from "./tree.ts";

// lezer-promql 0.315.0 nests operators in another way than Prometheus evaluates them: `a / b offset 1d` is an offset of the whole
// division there, and `-1 ^ 2` is a power of -1. So the operators are read in the order in which they are written, and nested here with
// the precedences of Prometheus' grammar (promql/parser/generated_parser.y).

/** A part of a chain of operators, in the order of the text. */
type Part =
  | { readonly kind: "operand"; readonly node: Node }
  /** Unary minus. Unary plus changes nothing and is left out. */
  | { readonly kind: "minus" }
  /** A modifier of the operand before it: `offset`, or the range of a subquery. */
  | { readonly kind: "modifier"; readonly node: Node }
  /** A binary operator between the two operands of the node. */
  | { readonly kind: "operator"; readonly node: Node; readonly left: Node; readonly right: Node };

/** What the nesting makes of the parts. */
export interface Builder<T> {
  readonly operand: (node: Node) => T;
  readonly negated: (of: T) => T;
  readonly modified: (of: T, modifier: Node) => T;
  readonly operator: (part: Operator) => string;
  readonly binary: (part: Operator, left: T, right: T) => T;
}

type Operator = Extract<Part, { readonly kind: "operator" }>;

const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  "==": 3,
  "!=": 3,
  "<=": 3,
  "<": 3,
  ">=": 3,
  ">": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};
const POWER = 6;

/** The nodes whose nesting cannot be taken over. */
export const CHAINED: ReadonlySet<string> = new Set([
  "BinaryExpr",
  "UnaryExpr",
  "OffsetExpr",
  "StepInvariantExpr",
  "SubqueryExpr",
]);

/** Reads a node of {@link CHAINED} with everything that is chained below it. */
export function nested<T>(node: Node, text: (node: Node) => string, builder: Builder<T>): T {
  return new Chain(partsOf(node, text), builder).above(0);
}

/** Brackets end a chain: what is in them is an operand. */
function partsOf(node: Node, text: (node: Node) => string): readonly Part[] {
  const parts = (inner: Node | undefined) => (inner === undefined ? [] : partsOf(inner, text));
  const [first, second] = operandsOf(node);
  switch (node.name) {
    case "BinaryExpr":
      if (first === undefined || second === undefined) return [{ kind: "operand", node }];
      return [...parts(first), { kind: "operator", node, left: first, right: second }, ...parts(second)];
    case "UnaryExpr":
      return [...(text(node).startsWith("-") ? [{ kind: "minus" } as const] : []), ...parts(first)];
    // `@` fixes the moment of evaluation. The series are the same.
    case "StepInvariantExpr":
      return parts(first);
    case "OffsetExpr":
    case "SubqueryExpr":
      return [...parts(first), { kind: "modifier", node }];
    default:
      // The sign of a literal is an operator, too: -1 ^ 2 is -1.
      return [...(isNegative(node, text) ? [{ kind: "minus" } as const] : []), { kind: "operand", node }];
  }
}

function isNegative(node: Node, text: (node: Node) => string): boolean {
  return node.name === "NumberDurationLiteral" && text(node).startsWith("-");
}

class Chain<T> {
  readonly #parts: readonly Part[];
  readonly #builder: Builder<T>;
  #next = 0;

  constructor(parts: readonly Part[], builder: Builder<T>) {
    this.#parts = parts;
    this.#builder = builder;
  }

  /** The longest expression from here whose operators have this precedence or a higher one. */
  above(least: number): T {
    let left = this.#primary();
    for (let part = this.#parts[this.#next]; part?.kind === "operator"; part = this.#parts[this.#next]) {
      const precedence = PRECEDENCE[this.#builder.operator(part)] ?? 0;
      if (precedence < least) break;
      this.#next += 1;
      // Only the power is right-associative.
      left = this.#builder.binary(part, left, this.above(precedence === POWER ? POWER : precedence + 1));
    }
    return left;
  }

  #primary(): T {
    const part = this.#parts[this.#next];
    this.#next += 1;
    // A sign binds like a multiplication, so that -a ^ b is -(a ^ b).
    if (part?.kind === "minus") return this.#builder.negated(this.above(POWER));
    if (part?.kind !== "operand")
      throw new RangeError("a chain of operators has an operator without an operand");
    let operand = this.#builder.operand(part.node);
    for (let next = this.#parts[this.#next]; next?.kind === "modifier"; next = this.#parts[this.#next]) {
      operand = this.#builder.modified(operand, next.node);
      this.#next += 1;
    }
    return operand;
  }
}
