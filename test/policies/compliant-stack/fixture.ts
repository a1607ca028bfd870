import type { StackResource } from "../../../policies/rules/resource.ts";
import { Value } from "../../../policies/rules/value.ts";

/** A resource of the fixture. Its logical name is its key in compliantStack(). */
export interface FixtureResource {
  readonly type: string;
  readonly protect?: boolean;
  readonly properties: Record<string, unknown>;
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  /** The logical name of the provider that makes it. Default: one that the fixture does not have. */
  readonly provider?: string;
}

export type FixtureStack = Readonly<Record<string, FixtureResource>>;

export const TODAY = "2026-11-23";
export const STACK = "prod";
export const PROJECT = "bellwether";

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
}

export type Path = readonly (string | number)[];

/** The stack with one property of one resource set, or removed where the value is undefined. */
export function withProperty(stack: FixtureStack, name: string, path: Path, value: unknown): FixtureStack {
  // Through JSON, because a structured clone keeps what two places of the fixture share.
  const changed = JSON.parse(JSON.stringify(stack)) as Record<string, FixtureResource>;
  const resource = changed[name];
  const last = path.at(-1);
  if (resource === undefined || last === undefined) throw new Error(`the fixture has no ${name} or no path`);
  const holder = path.slice(0, -1).reduce<unknown>((at, step) => {
    const next = (at as Record<string | number, unknown>)[step];
    if (next === undefined) throw new Error(`${name} has no ${path.join(".")}`);
    return next;
  }, resource.properties) as Record<string | number, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return changed;
}

/** The stack without some of its resources. */
export function without(stack: FixtureStack, ...names: readonly string[]): FixtureStack {
  return Object.fromEntries(Object.entries(stack).filter(([name]) => !names.includes(name)));
}

/** The fixture as policies see it. */
export function resourcesOf(stack: FixtureStack): StackResource[] {
  return Object.entries(stack).map(
    ([name, { type, protect = false, properties, sources = {}, provider }]) => {
      const own = provider === undefined ? undefined : stack[provider]?.properties;
      return {
        type,
        name,
        urn: urnOf(type, name),
        protect,
        properties: new Value(properties),
        ...(own === undefined ? {} : { provider: new Value(own) }),
        sources,
      };
    },
  );
}
