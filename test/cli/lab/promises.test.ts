import { describe, expect, it } from "vitest";
import { FAULTS } from "../../../cli/lab/faults.ts";
import { promisedOfNodes, promisedSeconds } from "../../../cli/lab/promises.ts";
import { defineService } from "../../../components/service/model.ts";

const service = defineService({
  name: "checkout",
  owner: "shop",
  tier: "critical",
  description: "Takes orders of customers",
  namespace: "shop",
  http: { port: "http", metrics: "fastapi-instrumentator" },
});
const args = {
  service,
  environment: "prod",
  runbookBaseUrl: "https://example.com/runbooks",
  scrapeInterval: "30s",
} as const;
const promised = (id: string, waits = { critical: 15, warning: 120 }) => {
  const fault = FAULTS.find((one) => one.id === id);
  return fault && promisedSeconds(args, fault, (severity) => waits[severity]);
};

describe("what a lab promises", () => {
  it("of an outage is what the objective promises, and what Alertmanager waits for a page", () => {
    const atOnce = promised("outage", { critical: 0, warning: 0 });
    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThan(5 * 60);
    expect(promised("outage")).toBe((atOnce ?? 0) + 15);
  });

  it("of missing metrics is a scrape, the window of five minutes, two evaluations, ten minutes and the wait of a ticket", () => {
    expect(promised("silence")).toBe(30 + 300 + 2 * 30 + 600 + 120);
  });

  it("is nothing of faults that build up", () => {
    expect(promised("errors")).toBeUndefined();
    expect(promised("unclassified")).toBeUndefined();
  });

  it("of a third of bad requests is what the objective promises of the next lower share that it has a promise of", () => {
    const third = promised("deployment", { critical: 0, warning: 0 }) ?? 0;
    const outage = promised("outage", { critical: 0, warning: 0 }) ?? 0;
    expect(third).toBeGreaterThan(outage);
    expect(third).toBeLessThan(60 * 60);
  });

  it("of a service without pods is two scrapes, the two minutes of the alert and the wait of a page", () => {
    expect(promised("no-pods")).toBe(2 * 30 + 120 + 15);
  });

  it("of lost nodes begins when the control plane notices", () => {
    const rule = { alert: "KubeNodesNotReady", expr: "up == 0", for: "5m", labels: {}, annotations: {} };
    expect(promisedOfNodes(rule as unknown as Parameters<typeof promisedOfNodes>[0], "30s", "30s")).toBe(
      50 + 30 + 60 + 300,
    );
  });
});
