import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { DeployedResource } from "../../../cli/estimate/capacity.ts";

/** What the previews of the tests say of one environment. */
export class Previewed {
  readonly settings: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];

  constructor(environment: string) {
    const read = (file: string) =>
      JSON.parse(readFileSync(join(inject("previews"), environment, file), "utf8"));
    this.settings = read("model.json").settings;
    this.resources = read("graph.json").resources;
  }
}
