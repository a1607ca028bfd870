import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Expression, Matcher } from "../../../components/promql/expression.ts";
import { freePort, type Server, serve } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";

// How Prometheus itself reads a query: the tree that its page for the explanation of queries shows (/api/v1/parse_query).

/** The tree of a query, with the names of this repository's expressions, or the reason why Prometheus does not accept it. */
export type Answer =
  | { readonly ok: true; readonly tree: unknown }
  | { readonly ok: false; readonly error: string };

/** A Prometheus without targets, to ask how it reads queries. */
export class PrometheusParser {
  readonly #server: Server;
  readonly #folder: string;

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<PrometheusParser> {
    const folder = mkdtempSync(join(tmpdir(), "bellwether-parser-"));
    const port = await freePort();
    const config = join(folder, "prometheus.yaml");
    writeFileSync(config, "global: {}\n");
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    return new PrometheusParser(
      await serve(await tool("prometheus"), args, { port, ready: "/-/ready" }),
      folder,
    );
  }

  async read(query: string): Promise<Answer> {
    const body = new URLSearchParams({ query });
    const response = await fetch(`${this.#server.url}/api/v1/parse_query`, { method: "POST", body });
    const answer = (await response.json()) as { status: string; error?: string; data: PrometheusNode };
    return answer.status === "success"
      ? { ok: true, tree: treeOf(answer.data) }
      : { ok: false, error: answer.error ?? "" };
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A node of web/api/v1/translate_ast.go. Times are milliseconds. */
interface PrometheusNode {
  readonly type: string;
  readonly expr: PrometheusNode;
  readonly param: PrometheusNode | null;
  readonly op: string;
  readonly lhs: PrometheusNode;
  readonly rhs: PrometheusNode;
  readonly bool: boolean;
  readonly args: readonly PrometheusNode[];
  readonly func: { readonly name: string };
  readonly name: string;
  readonly val: string;
  readonly offset: number;
  readonly range: number;
  readonly step: number;
  readonly grouping: readonly string[] | null;
  readonly without: boolean;
  readonly matchers: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly matching: {
    readonly card: string;
    readonly labels: readonly string[];
    readonly on: boolean;
    readonly include: readonly string[];
  } | null;
}

const READ: Readonly<Record<string, (node: PrometheusNode) => unknown>> = {
  parenExpr: ({ expr }) => treeOf(expr),
  numberLiteral: ({ val }) => ({ kind: "number", value: val }),
  stringLiteral: ({ val }) => ({ kind: "string", value: val }),
  unaryExpr: ({ op, expr }) => (op === "-" ? negated(treeOf(expr)) : treeOf(expr)),
  vectorSelector: (node) => ({ kind: "selector", matchers: matchersOf(node), offset: node.offset / 1000 }),
  matrixSelector: (node) => ({
    kind: "range",
    matchers: matchersOf(node),
    length: node.range / 1000,
    offset: node.offset / 1000,
  }),
  subquery: ({ expr, range, step, offset }) => ({
    kind: "subquery",
    of: treeOf(expr),
    length: range / 1000,
    step: step / 1000,
    offset: offset / 1000,
  }),
  call: ({ func, args }) => ({ kind: "call", name: func.name, args: args.map(treeOf) }),
  aggregation: ({ op, expr, param, grouping, without }) => ({
    kind: "aggregate",
    operation: op,
    labels: [...(grouping ?? [])],
    without,
    parameter: param === null ? undefined : treeOf(param),
    of: treeOf(expr),
  }),
  binaryExpr: ({ op, lhs, rhs, bool, matching }) => ({
    kind: "binary",
    operator: op,
    bool,
    left: treeOf(lhs),
    right: treeOf(rhs),
    on: matching?.on ?? false,
    labels: [...(matching?.labels ?? [])],
    many: { "many-to-one": "left", "one-to-many": "right" }[matching?.card ?? ""],
    include: [...(matching?.include ?? [])],
  }),
};

function treeOf(node: PrometheusNode): unknown {
  const read = READ[node.type];
  if (read === undefined) throw new Error(`Prometheus has a node ${node.type} that this test does not know.`);
  return read(node);
}

function matchersOf({ matchers }: PrometheusNode): readonly string[] {
  return matchers.map(({ name, type, value }) => `${name}${type}${JSON.stringify(value)}`).sort();
}

function negated(of: unknown): unknown {
  const { kind, value } = of as { kind: string; value: string };
  // Brackets are dissolved in both trees, and the product then reads -(1) as the number.
  return kind === "number" ? { kind, value: String(-Number(value)) } : { kind: "negated", of };
}

/** The product's tree of a query in the same form. */
export function sameForm(expression: Expression): unknown {
  switch (expression.kind) {
    case "number":
      return { kind: "number", value: String(expression.value) };
    case "string":
      return expression;
    case "negated":
      return { kind: "negated", of: sameForm(expression.of) };
    case "selector":
      return { kind: "selector", matchers: texts(expression), offset: expression.offset };
    case "range": {
      const { of, length, offset } = expression;
      return { kind: "range", matchers: texts(of), length, offset };
    }
    case "subquery":
      return { ...expression, of: sameForm(expression.of), step: expression.step ?? 0 };
    case "call":
      return { ...expression, args: expression.args.map(sameForm) };
    case "aggregate": {
      const { operation, grouping, parameter, of } = expression;
      return {
        kind: "aggregate",
        operation,
        labels: grouping?.labels ?? [],
        without: grouping?.mode === "without",
        parameter: parameter && sameForm(parameter),
        of: sameForm(of),
      };
    }
    case "binary": {
      const { kind, operator, bool, left, right, matching, many } = expression;
      return {
        kind,
        operator,
        bool,
        left: sameForm(left),
        right: sameForm(right),
        on: matching?.mode === "on",
        labels: matching?.labels ?? [],
        many: many?.side,
        include: many?.include ?? [],
      };
    }
  }
}

function texts({
  metric,
  matchers,
}: {
  readonly metric: string | undefined;
  readonly matchers: readonly Matcher[];
}) {
  const all =
    metric === undefined ? matchers : [{ label: "__name__", operator: "=", value: metric }, ...matchers];
  return all.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).sort();
}
