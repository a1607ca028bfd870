import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installedClone } from "../clone.ts";
import { follow, howTo, printed, type Ran } from "../page.ts";

describe("docs/how-to/new-environment.md, followed in a clone", () => {
  const page = howTo("new-environment");
  const clone = installedClone();
  let ran: readonly Ran[];

  beforeAll(async () => {
    ran = await follow(page, clone.folder);
  });
  afterAll(clone.remove);

  it("ends with a preview that passes", () => {
    expect(printed(ran, "bellwether preview qa")).toMatch(/^Result +ready$/m);
    expect(existsSync(join(clone.folder, "out/qa/report.html"))).toBe(true);
  });

  it("leaves nothing of the environment that was copied", () => {
    const file = readFileSync(join(clone.folder, "stacks/Pulumi.qa.yaml"), "utf8");
    const staging = readFileSync(join(clone.folder, "stacks/Pulumi.staging.yaml"), "utf8");
    const account = /accountId: "(\d+)"/.exec(staging)?.[1] ?? "";
    expect(file).not.toContain(account);
    expect(file.replaceAll(/^ +tier: staging$/gm, "").replaceAll(/#.*$/gm, "")).not.toContain("staging");
  });

  it("runs the services that the page says, and no others", () => {
    const scraped = ["storefront", "pricing", "invoices"].filter((name) =>
      existsSync(join(clone.folder, `out/qa/manifests/servicemonitor-monitoring-service-${name}.yaml`)),
    );
    expect(scraped).toEqual(["storefront", "pricing"]);
  });

  it("names, for pulumi, the secrets and the policy configuration that the environment has", () => {
    const stdout = printed(ran, "bellwether preview qa");
    const [command = ""] = /pulumi config set .*$/m.exec(page) ?? [];
    expect(stdout).toContain(command);
    const config = /--policy-pack-config (\S+)/.exec(page)?.[1] ?? "";
    const file = parse(readFileSync(join(clone.folder, "stacks/Pulumi.qa.yaml"), "utf8")) as {
      readonly config: { readonly "bellwether:environment": { readonly tier: string } };
    };
    expect(config.endsWith(`/${file.config["bellwether:environment"].tier}.json`)).toBe(true);
    expect(existsSync(join(clone.folder, config))).toBe(true);
  });
});
