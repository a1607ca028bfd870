import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { record } from "../../cli/recording/recorder.ts";
import { defineService } from "../../components/service/model.ts";
import { deployWith } from "../../infra/deploy.ts";

// What `pulumi up` runs, on the mock runtime. It reads the environments that exist from stacks/ itself.

const file = parse(readFileSync(new URL("../../stacks/Pulumi.local.yaml", import.meta.url), "utf8")) as {
  readonly config: Readonly<Record<string, unknown>>;
};
const CONTEXT = {
  project: "bellwether",
  stack: "local",
  config: { "bellwether:environment": JSON.stringify(file.config["bellwether:environment"]) },
  secretKeys: [],
};

describe("the program", () => {
  it("rejects a service that names an environment that does not exist, before it creates anything", async () => {
    const service = defineService({
      name: "checkout",
      owner: "platform",
      tier: "standard",
      description: "Takes orders and payments",
      namespace: "shop",
      http: { port: "http", metrics: "otel" },
      environments: { prod: { enabled: true }, stagin: { enabled: false } },
    });
    const message = await record(() => deployWith([service]), CONTEXT, { today: "2026-11-23" }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(message).toMatch(
      /^stacks\/Pulumi\.local\.yaml: 1 problem\n {2}services\.checkout\.environments\.stagin\n/,
    );
    expect(message).toContain("one of the environments dev, local, prod, staging");
  });
});
