import { type AwsService, awsServiceModel } from "../../support/published-schemas.ts";
import type { Finding } from "./fault.ts";
import { isUnknown } from "./graph.ts";

// An API's model as AWS publishes it: shapes, which refer to each other by name.

interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly documentation?: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly documentation?: string;
}

interface Model {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** A call of an API, as a provider makes it of a resource's inputs. */
export interface Call {
  readonly service: AwsService;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a service's model has to say of the inputs of its operations. */
export class ServiceModel {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async of(service: AwsService): Promise<ServiceModel> {
    return new ServiceModel((await awsServiceModel(service)) as Model);
  }

  /** What the model refuses of an operation's input; a value that is known only after `up` is taken for right. */
  refusals(operation: string, input: unknown): readonly Finding[] {
    const shape = this.#model.operations[operation]?.input?.shape;
    if (shape === undefined) throw new Error(`no operation ${operation}`);
    return this.#check(shape, input, operation);
  }

  /** The values of an enumeration, such as `InstanceType`. */
  enumeration(shape: string): readonly string[] {
    return this.#shape(shape).enum ?? [];
  }

  #shape(name: string): Shape {
    const shape = this.#model.shapes[name];
    if (shape === undefined) throw new Error(`no shape ${name}`);
    return shape;
  }

  #check(name: string, value: unknown, at: string): readonly Finding[] {
    if (isUnknown(value)) return [];
    const shape = this.#shape(name);
    switch (shape.type) {
      case "structure":
        return this.#structure(shape, value, at);
      case "list":
        if (!Array.isArray(value)) return [wrong(at, value, "a list")];
        return [
          ...bounds(shape, value.length, at, "items"),
          ...value.flatMap((item, index) => this.#check(shape.member?.shape ?? "", item, `${at}[${index}]`)),
        ];
      case "map": {
        if (!isMap(value)) return [wrong(at, value, "a map")];
        const entries = Object.entries(value);
        return [
          ...bounds(shape, entries.length, at, "keys"),
          ...entries.flatMap(([key, item]) => [
            ...this.#check(shape.key?.shape ?? "", key, `the key ${key} of ${at}`),
            ...this.#check(shape.value?.shape ?? "", item, `${at}.${key}`),
          ]),
        ];
      }
      default:
        return scalar(shape, value, at);
    }
  }

  #structure(shape: Shape, value: unknown, at: string): readonly Finding[] {
    if (!isMap(value)) return [wrong(at, value, "a map")];
    const members = shape.members ?? {};
    const missing = (shape.required ?? []).filter((name) => value[name] === undefined);
    return [
      ...missing.map((name) => ({
        at: `${at}.${name}`,
        found: "missing",
        allowed: "a value: it is required",
      })),
      ...Object.entries(value).flatMap(([name, item]) => {
        if (item === undefined) return [];
        const member = members[name];
        if (member === undefined)
          return [wrong(`${at}.${name}`, item, `nothing: there are only ${Object.keys(members).join(", ")}`)];
        return [
          ...this.#check(member.shape, item, `${at}.${name}`),
          ...documented(
            `${member.documentation ?? ""} ${this.#shape(member.shape).documentation ?? ""}`,
            item,
            `${at}.${name}`,
          ),
        ];
      }),
    ];
  }
}

function scalar(shape: Shape, value: unknown, at: string): readonly Finding[] {
  if (shape.type === "boolean") return typeof value === "boolean" ? [] : [wrong(at, value, "a boolean")];
  if (shape.type === "integer" || shape.type === "long")
    return Number.isInteger(value)
      ? bounds(shape, value as number, at, "")
      : [wrong(at, value, "an integer")];
  if (shape.type === "double")
    return typeof value === "number" ? bounds(shape, value, at, "") : [wrong(at, value, "a number")];
  // Bytes, which the provider encodes.
  if (shape.type === "blob") return typeof value === "string" ? [] : [wrong(at, value, "text")];
  if (shape.type !== "string") throw new Error(`a value of type ${shape.type} at ${at}`);
  if (typeof value !== "string") return [wrong(at, value, "text")];
  const { enum: values, pattern } = shape;
  return [
    ...(values === undefined || values.includes(value)
      ? []
      : [wrong(at, value, `one of ${values.join(", ")}`)]),
    ...bounds(shape, value.length, at, "characters"),
    ...(pattern === undefined || matches(pattern, value)
      ? []
      : [wrong(at, value, `text that matches ${pattern}`)]),
  ];
}

/** The whole text must match: AWS's services anchor the patterns of their models. */
function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, "u").test(value);
}

// What some models say in a sentence only. EC2's has hardly any patterns, and CloudWatch's days of retention are no enumeration.
const POSSIBLE_VALUES = /[Pp]ossible values are:? ((?:\d+(?: seconds \([^)]*\))?(?:, and |, | and | or )?)+)/;
const EC2_DESCRIPTION = "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=";

function documented(documentation: string, value: unknown, at: string): readonly Finding[] {
  const listed = POSSIBLE_VALUES.exec(documentation)?.[1]
    ?.replace(/\([^)]*\)/g, "")
    .match(/\d+/g);
  const isNumber = /^\d+$/.test(String(value));
  if (listed !== undefined && listed !== null && isNumber && !listed.includes(String(value)))
    return [wrong(at, value, `one of ${listed.join(", ")}`)];
  if (documentation.includes(EC2_DESCRIPTION) && typeof value === "string")
    return /^[\w .\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(value) ? [] : [wrong(at, value, EC2_DESCRIPTION)];
  return [];
}

function bounds({ min, max }: Shape, count: number, at: string, unit: string): readonly Finding[] {
  if (count >= (min ?? Number.NEGATIVE_INFINITY) && count <= (max ?? Number.POSITIVE_INFINITY)) return [];
  return [{ at, found: `${count} ${unit}`.trim(), allowed: `${min ?? "at most"} to ${max ?? "any number"}` }];
}

function wrong(at: string, value: unknown, allowed: string): Finding {
  return { at, found: JSON.stringify(value), allowed };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
