import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type ControlPlane, startControlPlane } from "../../support/control-plane/control-plane.ts";
import {
  type Applied,
  applyAll,
  changedBySecondApply,
  deploymentOf,
  type Step,
} from "../../support/control-plane/deployment.ts";

// What a real API server says of every object that the program renders: in the program's own order, with strict validation.

describe.each(["local", "dev", "staging", "prod"])("the API server, given %s", (environment) => {
  let plane: ControlPlane;
  let steps: readonly Step[];
  let applied: readonly Applied[];

  beforeAll(async () => {
    const folder = join(inject("previews"), environment);
    const routing = readFileSync(join(folder, "alertmanager", "alertmanager.yaml"), "utf8");
    steps = await deploymentOf(folder, (_, key) =>
      key === "alertmanager.yaml" ? routing : `stand-in for ${key}`,
    );
    plane = await startControlPlane();
    applied = await applyAll(plane.api, steps);
  });
  afterAll(() => plane?.stop());

  it("refuses nothing, drops nothing and warns of nothing", () => {
    const count = steps.flatMap(({ objects }) => objects).length;
    console.log(
      `${environment}: ${applied.length} objects applied, ${applied.filter(({ refused }) => refused !== undefined).length} refused, ` +
        `${applied.flatMap(({ lost }) => lost).length} fields lost, ${applied.flatMap(({ warnings }) => warnings).length} warnings`,
    );
    expect(applied.length).toBe(count);
    expect(applied.flatMap(({ refused }) => refused ?? [])).toEqual([]);
    expect(applied.flatMap(({ object, lost }) => lost.map((field) => `${object}${field}`))).toEqual([]);
    expect(applied.flatMap(({ object, warnings }) => warnings.map((text) => `${object}: ${text}`))).toEqual(
      [],
    );
  });

  it("has nothing to do when the same is applied again", async () => {
    expect(await changedBySecondApply(plane.api, steps)).toEqual([]);
  });
});
