import { FUNCTIONS } from "./functions.ts";
import type { Command, Definitions, Node, Operand, Pipeline } from "./syntax.ts";
import { UnknownConstruct } from "./tokens.ts";
import { isTrue, List, memberOf, printed, type Value } from "./values.ts";

/** What a template prints for its data, as Go's text/template prints it. */
export function execute(nodes: readonly Node[], data: Value, definitions: Definitions): string {
  return new Execution(data, definitions).print(nodes, data);
}

interface Variable {
  readonly name: string;
  value: Value;
}

class Execution {
  /** Those in scope, the innermost last. `$` is the data of the whole template. */
  private readonly variables: Variable[];
  private readonly definitions: Definitions;

  constructor(data: Value, definitions: Definitions) {
    this.variables = [{ name: "$", value: data }];
    this.definitions = definitions;
  }

  print(nodes: readonly Node[], dot: Value): string {
    return nodes.map((node) => this.node(node, dot)).join("");
  }

  private node(node: Node, dot: Value): string {
    switch (node.kind) {
      case "text":
        return node.text;
      case "print":
        return printed(this.pipeline(node.value, dot));
      case "set":
        this.set(node.name, node.declares, this.pipeline(node.value, dot));
        return "";
      case "if":
      case "with":
        return this.scoped(() => this.choice(node, dot));
      case "range":
        return this.scoped(() => this.range(node, dot));
      case "template":
        return this.call(node.name, this.pipeline(node.value, dot));
    }
  }

  /** What a block declares is gone at its end. */
  private scoped(run: () => string): string {
    const count = this.variables.length;
    const text = run();
    this.variables.length = count;
    return text;
  }

  private choice(node: Extract<Node, { readonly otherwise: unknown }>, dot: Value): string {
    const value = this.pipeline(node.value, dot);
    if (!isTrue(value)) return this.print(node.otherwise, dot);
    return this.print(node.body, node.kind === "with" ? value : dot);
  }

  private range({ value, variables, body }: Extract<Node, { readonly kind: "range" }>, dot: Value): string {
    const list = this.pipeline(value, dot);
    if (!(list instanceof List)) throw new UnknownConstruct("range runs over something else than a list");
    const [index, element] = variables;
    return list.items
      .map((item, position) =>
        this.scoped(() => {
          if (index !== undefined) this.set(index, true, position);
          if (element !== undefined) this.set(element, true, item);
          return this.print(body, item);
        }),
      )
      .join("");
  }

  private call(name: string, data: Value): string {
    const nodes = this.definitions.get(name);
    if (nodes === undefined) throw new UnknownConstruct(`no template is called ${name}`);
    try {
      return execute(nodes, data, this.definitions);
    } catch (error) {
      if (!(error instanceof UnknownConstruct) || error.message.includes(" in the template ")) throw error;
      throw new UnknownConstruct(`${error.message}, in the template ${name}`);
    }
  }

  private set(name: string, declares: boolean, value: Value): void {
    if (declares) this.variables.push({ name, value });
    else this.variable(name).value = value;
  }

  private variable(name: string): Variable {
    const found = this.variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw new UnknownConstruct(`no variable is called ${name}`);
    return found;
  }

  private pipeline(commands: Pipeline, dot: Value): Value {
    let result: Value | undefined;
    for (const command of commands) result = this.command(command, dot, result);
    if (result === undefined) throw new UnknownConstruct("a pipeline is empty");
    return result;
  }

  private command([first, ...rest]: Command, dot: Value, piped: Value | undefined): Value {
    const args = [
      ...rest.map((operand) => this.operand(operand, dot, [])),
      ...(piped === undefined ? [] : [piped]),
    ];
    return this.operand(first, dot, args);
  }

  private operand({ base, fields }: Operand, dot: Value, args: readonly Value[]): Value {
    const value = this.base(base, dot, fields.length === 0 ? args : []);
    return fields.reduce<Value>(
      (from, field, position) => memberOf(from, field, position === fields.length - 1 ? args : []),
      value,
    );
  }

  private base(base: Operand["base"], dot: Value, args: readonly Value[]): Value {
    if (base.kind === "function") {
      const run = Object.hasOwn(FUNCTIONS, base.name) ? FUNCTIONS[base.name] : undefined;
      if (run === undefined) throw new UnknownConstruct(`the function ${base.name} is not known`);
      return run(...args);
    }
    if (args.length > 0) throw new UnknownConstruct("something gets arguments that is no function");
    switch (base.kind) {
      case "string":
        return base.text;
      case "number":
        return base.value;
      case "variable":
        return this.variable(base.name).value;
      case "dot":
        return dot;
      case "pipeline":
        return this.pipeline(base.pipeline, dot);
    }
  }
}
