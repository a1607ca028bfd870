import { Ajv, type ValidateFunction } from "ajv";
import { githubDescription } from "../support/published-schemas.ts";

// Requests and answers held to GitHub's published description of its REST API (OpenAPI 3.0).

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema: Json;
}

interface Content {
  readonly content?: Readonly<
    Record<"application/json", { readonly schema: Json; readonly examples?: Record<string, Json> }>
  >;
}

interface Operation {
  readonly parameters: readonly Json[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Json>>;
}

/** A request as it came, with its body read as JSON. */
export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
}

/** Where in the description an operation stands. */
export interface Route {
  readonly method: string;
  readonly template: string;
  /** What stands in place of the names in braces. */
  readonly values: Readonly<Record<string, string>>;
}

export class Description {
  private readonly document: Json;
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  private constructor(document: object) {
    this.document = document as Json;
  }

  static async read(): Promise<Description> {
    return new Description(await githubDescription());
  }

  /** The operation of a request among these templates, or undefined. Throws for a template that the description does not have. */
  routeOf({ method, path }: Request, templates: readonly string[]): Route | undefined {
    const [plain = ""] = path.split("?");
    for (const template of templates) {
      const pattern = template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
      const match = new RegExp(`^${pattern}$`).exec(plain);
      const operations = this.at(["paths", template]);
      if (match !== null && operations[method.toLowerCase()] !== undefined)
        return { method: method.toLowerCase(), template, values: { ...match.groups } };
    }
    return undefined;
  }

  /** What the description does not allow of a request: its parameters, and its body. */
  wrongIn(route: Route, { path, body }: Request): readonly string[] {
    const operation = this.operation(route);
    const known = operation.parameters.map((each) => this.resolved(each) as unknown as Parameter);
    const wrong: string[] = [];
    for (const [name, value] of new URL(path, "http://localhost").searchParams) {
      const parameter = known.find((each) => each.in === "query" && each.name === name);
      if (parameter === undefined) wrong.push(`${name} is no parameter of ${route.method} ${route.template}`);
      else wrong.push(...this.errors(parameter.schema, typed(value, parameter.schema)));
    }
    for (const parameter of known.filter((each) => each.in === "path"))
      wrong.push(
        ...this.errors(parameter.schema, typed(route.values[parameter.name] ?? "", parameter.schema)),
      );
    const schema = operation.requestBody?.content?.["application/json"].schema;
    if (schema === undefined && body !== undefined) wrong.push("a body that nothing describes");
    if (schema !== undefined) {
      wrong.push(...this.errors(schema, body));
      // The description allows fields that it does not know; the action sends none.
      const fields = Object.keys((schema["properties"] ?? {}) as object);
      for (const field of Object.keys((body ?? {}) as object))
        if (!fields.includes(field)) wrong.push(`${field} is no field of the body`);
    }
    return wrong;
  }

  /** What the description does not allow of an answer. A status that it does not list is an error's: `{message}`. */
  wrongInAnswer(route: Route, status: number, body: unknown): readonly string[] {
    const listed = this.operation(route).responses[status];
    const { content } = (listed === undefined ? {} : this.resolved(listed)) as Content;
    if (listed === undefined && status < 400) return [`${status} is no answer of ${route.template}`];
    return this.errors(
      content?.["application/json"].schema ?? { $ref: "#/components/schemas/basic-error" },
      body,
    );
  }

  /** The example that the description gives of an answer. */
  exampleOf(template: string, method: string, status: number): unknown {
    const answer = this.resolved(this.operation({ method, template, values: {} }).responses[status] ?? {});
    const example = (answer as Content).content?.["application/json"].examples?.["default"];
    if (example === undefined) throw new Error(`${method} ${template} has no example of ${status}`);
    return this.resolved(example)["value"];
  }

  private operation({ method, template }: Route): Operation {
    return this.at(["paths", template, method]) as unknown as Operation;
  }

  private errors(schema: Json, value: unknown): readonly string[] {
    const key = JSON.stringify(schema);
    const validate = this.compiled.get(key) ?? this.ajv.compile(this.closed(schema));
    this.compiled.set(key, validate);
    return validate(value) ? [] : [this.ajv.errorsText(validate.errors)];
  }

  /** A schema that stands alone: with the components that it refers to, and those that these refer to. */
  private closed(schema: Json): Json {
    const schemas: Record<string, unknown> = {};
    const open = [schema];
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const [, name = ""] of JSON.stringify(next).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        if (schemas[name] !== undefined) continue;
        const found = this.at(["components", "schemas", name]);
        schemas[name] = found;
        open.push(found);
      }
    return { ...schema, components: { schemas } };
  }

  private resolved(value: Json): Json {
    const reference = value["$ref"];
    return typeof reference === "string" ? this.at(reference.slice(2).split("/")) : value;
  }

  private at(path: readonly string[]): Json {
    let found: unknown = this.document;
    for (const name of path) found = (found as Json | undefined)?.[name];
    if (found === undefined) throw new Error(`GitHub's description has no ${path.join(" ")}`);
    return found as Json;
  }
}

/** What stands in an address, as its schema has it. */
function typed(text: string, schema: Json): unknown {
  return schema["type"] === "integer" && /^\d+$/.test(text) ? Number(text) : text;
}
