import type { AwsService } from "../../support/published-schemas.ts";
import { UNKNOWN } from "./graph.ts";
import type { Call } from "./service-model.ts";

// biome-ignore lint/suspicious/noExplicitAny: the inputs of thirty resource types, which the models judge
export type Inputs = any;
export type Calls = (inputs: Inputs, name: string) => readonly Call[];

export const call = (service: AwsService) => (operation: string, input: Inputs) => ({
  service,
  operation,
  input,
});

/** The physical name where the program gives none: Pulumi adds a hyphen and seven hexadecimal digits to the logical one. */
export const autoName = (given: unknown, name: string) => given ?? `${name}-0a1b2c3`;
/** An identifier of a resource that the call before has made. */
export const MADE = UNKNOWN;

/** EC2 takes what others take as a field of their own as the tags of a kind of resource. */
export function tagged(resourceType: string, tags: Inputs): Inputs {
  return tags === undefined ? {} : { TagSpecifications: [{ ResourceType: resourceType, Tags: pairs(tags) }] };
}

export function pairs(tags: Inputs, key = "Key", value = "Value"): Inputs {
  return Object.entries(tags ?? {}).map(([name, text]) => ({ [key]: name, [value]: text }));
}

/** Pulumi's `httpTokens` is EC2's `HttpTokens`. */
export function pascal(value: Inputs): Inputs {
  if (Array.isArray(value)) return value.map(pascal);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/^./, (first) => first.toUpperCase()),
      pascal(item),
    ]),
  );
}

/** The provider takes some booleans as text, to tell false from nothing. */
export function boolean(text: unknown): unknown {
  return text === "true" ? true : text === "false" ? false : text;
}

export function text(document: unknown): unknown {
  return typeof document === "string" || document === undefined ? document : JSON.stringify(document);
}
