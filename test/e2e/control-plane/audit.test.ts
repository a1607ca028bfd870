import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { audit } from "../../../cli/audit/audit.ts";
import { auditedCluster } from "../../../cli/audit/cluster.ts";
import type { PolicyResult } from "../../../cli/policy/verdict.ts";
import type { PackName } from "../../../policies/packs/packs.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { TODAY } from "../project.ts";

// `bellwether audit --context` of a real API server with `local` deployed: what the policies said of the program in the preview, they say of
// its objects. What else runs there, of teams and of the cluster, is judged as well, and left out of the comparison.

let platform: Platform;
let context: string;

beforeAll(async () => {
  platform = await startPlatform(join(inject("previews"), "local"), (_, key) => `stand-in for ${key}`);
  const config = JSON.parse(readFileSync(platform.plane.kubeconfig, "utf8"));
  context = config.contexts[0].name;
});
keepLogsOfFailures(() => platform?.plane);
afterAll(() => platform?.stop());

/** A finding by its policy and what it says; names of resources differ between a program and a cluster. */
const told = ({ policy, message }: PolicyResult) => `${policy}: ${message.split("\n")[0]}`;

async function audited(namespaces: readonly string[], pack: PackName = "bellwether") {
  const cluster = await auditedCluster({ context, kubeconfig: platform.plane.kubeconfig, namespaces }, {});
  return await audit(cluster, { pack, tier: "local", today: TODAY });
}

describe("an audit of a cluster", () => {
  it("finds of the platform's objects what the preview finds, and nothing else", async () => {
    const previewed = JSON.parse(
      readFileSync(join(inject("previews"), "local", "policies.json"), "utf8"),
    ) as readonly PolicyResult[];
    const { results, audited: source } = await audited(["monitoring", "monitoring-node"]);
    expect(source.resources.length).toBeGreaterThan(60);
    expect(source.notices).toEqual([]);
    const known = new Set(previewed.map(told));
    expect(results.filter((result) => !known.has(told(result)))).toEqual([]);
    expect(results.map(told).sort()).toEqual(previewed.map(told).sort());
  });

  it("finds what somebody changed by hand", async () => {
    await platform.plane.api.must(
      "PATCH",
      "/apis/apps/v1/namespaces/monitoring/deployments/blackbox-exporter",
      {
        spec: {
          template: { spec: { containers: [{ name: "blackbox-exporter", image: "blackbox:latest" }] } },
        },
      },
      "application/strategic-merge-patch+json",
    );
    const { results } = await audited(["monitoring"], "reliability");
    expect(results.map(({ policy, urn }) => [policy, urn?.split("::").at(-1)])).toContainEqual([
      "pinned-image",
      "monitoring/blackbox-exporter",
    ]);
  });

  it("names no value of a Secret", async () => {
    const { audited: source, results } = await audited(["monitoring"]);
    const secrets = source.resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    expect(secrets.map(({ name }) => name)).toEqual(["monitoring/alertmanager-config"]);
    for (const { message } of results) expect(message).not.toContain("stand-in for");
  });
});
