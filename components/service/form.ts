import type { Names } from "../core/template.ts";
import { dashboardUid } from "../signals/panels.ts";
import type { ServiceMonitoringArgs } from "./arguments.ts";

// With hundreds of services, many are defined alike but for their names: what is rendered for one of them is that of another with other names.

/** What a service has in common with those that are defined alike. */
export interface ServiceForm<Args extends ServiceMonitoringArgs> {
  /** The same text for services that differ in nothing but their names. */
  readonly key: string;
  /** The service's own names, by placeholder. */
  readonly names: Names;
  /** What such a service is rendered from, with placeholders for its names. */
  readonly args: Args;
}

// No word of a rule, and long enough to be no word of YAML or PromQL.
const NAME = "placeholder-of-the-service";
const NAMESPACE = "placeholder-of-the-namespace";
const OWNER = "placeholder-of-the-owner";
const PLACEHOLDER = /placeholder-of-the-/;
/** Names that are text to every reader of YAML, whatever is before and behind them. */
const isPlain = (name: string) => /^[a-z][a-z0-9-]*[a-z0-9]$/.test(name) && !WORDS.has(name);
/** The words of YAML 1.1 and 1.2 that are no text, beside single letters. */
const WORDS: ReadonlySet<string> = new Set(["true", "false", "null", "yes", "no", "on", "off"]);

/**
 * The form of a service: its arguments with placeholders for its name, its namespace and its owner. Whatever else it says is in the key, its names too where it
 * writes them somewhere else, such as in a query of its own: such a service is like no other. The description is only for people, and
 * left out. Undefined for names that could be read as something else, and for a service with files or alerts of its own.
 */
export function formOf<Args extends ServiceMonitoringArgs>(args: Args): ServiceForm<Args> | undefined {
  const { service } = args;
  const { name, namespace, owner, alerts, rules, dashboards } = service;
  if (rules.length > 0 || dashboards.length > 0 || Object.keys(alerts).length > 0) return undefined;
  if (![name, namespace, owner].every(isPlain) || PLACEHOLDER.test(JSON.stringify(args))) return undefined;
  // Names that are the same have the same placeholder: whether they are is part of the form.
  const placeholders = new Map([
    [owner, OWNER],
    [namespace, NAMESPACE],
    [name, NAME],
  ]);
  const placeholder = (of: string) => placeholders.get(of) ?? of;
  const general = {
    ...args,
    service: {
      ...service,
      name: placeholder(name),
      namespace: placeholder(namespace),
      owner: placeholder(owner),
      description: "",
    },
  };
  // The only thing that is made of a name and is not the name itself: it is cut to a length.
  const uid = (of: string) => dashboardUid({ service: of }, args.environment);
  const names = new Map([
    [uid(NAME), uid(name)],
    ...[...placeholders].map(([own, placed]) => [placed, own] as const),
  ]);
  return { key: JSON.stringify(general), names, args: general };
}
