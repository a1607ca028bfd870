import { describe, expect, it } from "vitest";
import { audit, auditText } from "../../../cli/audit/audit.ts";
import { type Audited, plainResource } from "../../../cli/audit/audited.ts";
import { auditSarif } from "../../../cli/audit/sarif.ts";
import { paintFor } from "../../../cli/paint.ts";
import type { PackName } from "../../../policies/packs/packs.ts";
import { UNKNOWN } from "../../../policies/rules/value.ts";

// The pack in Pulumi's Analyzer, asked about a Deployment that exists.

const TYPE = "kubernetes:apps/v1:Deployment";
const URN = `urn:pulumi:prod::shop::${TYPE}::web`;
const plain = paintFor({ isTTY: false }, {});

function deployed(image: string, replicas = 2): Audited {
  const labels = { app: "web" };
  const inputs = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
    },
  };
  const resources = [plainResource({ urn: URN, type: TYPE, name: "web", inputs })];
  return { name: "the state of prod", project: "shop", stack: "prod", resources, notAsked: {}, notices: [] };
}

const asked = (audited: Audited, pack: PackName) =>
  audit(audited, { pack, tier: "production", today: "2026-11-23" });

describe("an audit", () => {
  it("says what is wrong with the fix, and counts", async () => {
    const done = await asked(deployed("example.com/web:1.4.2", 1), "reliability");
    const text = auditText(done, plain);
    expect(text).toMatch(/^replicas \(violations\)\n {2}found {4}web: .+\n {2}fix {6}set spec\.replicas/m);
    expect(text).toContain(`the state of prod: 1 resource, ${done.asked} policies: `);
    expect(done.results.map(({ policy }) => policy)).toContain("replicas");
    expect(done.results.map(({ policy }) => policy)).not.toContain("restricted-pods");
  });

  it("says of a value that is encrypted that it is, and not that it will be judged", async () => {
    const { results } = await asked(deployed(UNKNOWN), "reliability");
    const undecided = results.filter(({ message }) => message.startsWith("[not judged"));
    expect(undecided.length).toBeGreaterThan(0);
    for (const { message } of undecided) {
      expect(message).toContain("is encrypted");
      expect(message).not.toContain("pulumi up");
    }
  });

  it("leaves out the policies that its source does not answer to, with the reason", async () => {
    const notAsked = { replicas: "the replicas are chosen elsewhere" };
    const done = await asked({ ...deployed("example.com/web:1.4.2", 1), notAsked }, "reliability");
    expect(done.results.filter(({ policy }) => policy === "replicas")).toEqual([]);
    expect(auditText(done, plain)).toContain("replicas is not asked: the replicas are chosen elsewhere.");
    const configured = await audit(
      { ...deployed("example.com/web:1.4.2", 1), notAsked },
      {
        pack: "reliability",
        tier: "production",
        config: { "pinned-image": "mandatory" },
        today: "2026-11-23",
      },
    );
    expect(configured.results.filter(({ policy }) => policy === "replicas")).toEqual([]);
  });

  it("is SARIF with a result for each finding, by URN, with the page of its policy", async () => {
    const done = await asked(deployed("example.com/web:latest", 1), "reliability");
    const log = JSON.parse(auditSarif(done, "state file.json"));
    const [run] = log.runs;
    expect(run.results).toHaveLength(done.results.length);
    const found = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === "replicas");
    expect(found).toMatchObject({
      level: "error",
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "state%20file.json" } },
          logicalLocations: [{ fullyQualifiedName: URN }],
        },
      ],
    });
    expect(run.tool.driver.rules[found.ruleIndex].helpUri).toMatch(/\/policies\/replicas\.md$/);
  });
});
