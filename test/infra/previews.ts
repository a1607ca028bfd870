import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { parse } from "yaml";
import type { RuleFile, WrittenRule } from "../../components/core/rules.ts";

export const ENVIRONMENTS = ["dev", "local", "prod", "staging"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** A resource of graph.json. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly dependsOn: readonly string[];
  readonly protect: boolean;
  /** URN of the provider. */
  readonly provider?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of a hundred resource types, of which a test reads a few
  readonly inputs: any;
}

export function folder(environment: EnvironmentName, ...path: string[]): string {
  return join(inject("previews"), environment, ...path);
}

export function graph(environment: EnvironmentName): readonly Resource[] {
  return (JSON.parse(readFileSync(folder(environment, "graph.json"), "utf8")) as { resources: Resource[] })
    .resources;
}

/** The files of one folder of a preview, by name, as text. */
export function files(environment: EnvironmentName, name: string): Readonly<Record<string, string>> {
  const path = folder(environment, name);
  return Object.fromEntries(
    readdirSync(path)
      .sort()
      .map((file) => [file, readFileSync(join(path, file), "utf8")]),
  );
}

/** The Kubernetes objects of a preview, by file. */
export function manifests(environment: EnvironmentName): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(files(environment, "manifests")).map(([file, text]) => [file, parse(text) as unknown]),
  );
}

/** The rules of a preview, by file. */
export function rules(environment: EnvironmentName): Readonly<Record<string, readonly WrittenRule[]>> {
  return Object.fromEntries(
    Object.entries(files(environment, "prometheus/rules")).map(([file, text]) => [
      file,
      (parse(text) as RuleFile).groups.flatMap((group) => group.rules),
    ]),
  );
}
