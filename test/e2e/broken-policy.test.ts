import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../../stacks/environment.ts";
import { environmentOf, policyFlags, secretValues } from "./environment.ts";
import { DEPLOYMENT, withMovingImages } from "./moving-images.ts";
import { createProject, failureOf, type TemporaryProject, TODAY } from "./project.ts";
import { worldIn } from "./providers/simulator.ts";

process.env["BELLWETHER_TODAY"] = TODAY;

describe("a mandatory policy that is broken, on the real engine", () => {
  let project: TemporaryProject;
  let environment: Environment;

  beforeAll(async () => {
    environment = await environmentOf("local");
    project = await createProject();
  });
  afterAll(() => project?.remove());

  it("stops preview and up, says what is wrong and how to mend it, and lets nothing pass that breaks it", async () => {
    const stack = await project.createStack("local", withMovingImages);
    for (const [secret, value] of secretValues(environment))
      await stack.setConfig(`bellwether:${secret}`, { value, secret: true });

    for (const operation of ["preview", "up"] as const) {
      const reason = await failureOf(stack[operation]({ ...policyFlags(environment), color: "never" }));
      expect(reason, operation).toMatch(/\[mandatory\].* pinned-image {2}\(kubernetes:apps\/v1:Deployment: /);
      expect(reason, operation).toContain("Fix: name a version, a commit or a digest in image");
    }
    expect(await worldIn(project.world).ids("kubernetes", DEPLOYMENT)).toEqual([]);
  });
});
