import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENVIRONMENTS, folder, graph } from "./previews.ts";

// Golden files show change; assertions elsewhere prove behaviour. After a change that is meant: `npx vitest run -u test/infra/golden.test.ts`,
// and read the diff. A resource that is renamed here is deleted and created anew in production, unless it ships an alias.

describe.each(ENVIRONMENTS)("the identity of everything in %s", (environment) => {
  it("is type, parent and name, as it was", async () => {
    const resources = graph(environment);
    const short = new Map(resources.map(({ urn, type, name }) => [urn, `${type} ${name}`]));
    const lines = resources
      .map(
        ({ type, name, parent }) => `${type}\t${name}\t${parent === null ? "-" : (short.get(parent) ?? "-")}`,
      )
      .sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../golden/${environment}/resources.tsv`);
  });

  it("and its routing read as they did", async () => {
    const routing = readFileSync(folder(environment, "alertmanager/alertmanager.yaml"), "utf8");
    await expect(routing).toMatchFileSnapshot(`../golden/${environment}/alertmanager.yaml`);
  });
});
