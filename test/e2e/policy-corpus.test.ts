import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askOfBatch, batchesOf } from "../policies/corpus/engine.ts";
import { ALL_CASES, agrees, disagreement } from "../policies/corpus/verdict.ts";
import { createProject, type TemporaryProject } from "./project.ts";

// What is cheap of `npm run test:policies:engine`: every case of the policies over single resources that needs no settings, in one preview.

describe("the corpus on the real engine", () => {
  let project: TemporaryProject;
  beforeAll(async () => {
    project = await createProject();
  });
  afterAll(() => project?.remove());

  it("gives each case of a single resource the verdict that the predicates give it", async () => {
    const [batch = []] = batchesOf(ALL_CASES);
    expect(batch.length).toBeGreaterThanOrEqual(200);
    const said = await askOfBatch(project, batch, "single");
    const different = batch.flatMap((one, index) => {
      const found = said[index] ?? [];
      return agrees(one, found) ? [] : [disagreement(one, found)];
    });
    expect(different).toEqual([]);
  });
});
