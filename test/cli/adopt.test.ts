import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptCommand } from "../../cli/adopt.ts";

const PLAIN = `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: checkout, namespace: shop, labels: { team: shop } }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: checkout } }
  endpoints: [{ port: web, path: /internal/metrics, interval: 15s }]
`;

const ODD = `
apiVersion: v1
kind: List
items:
  - apiVersion: monitoring.coreos.com/v1
    kind: PodMonitor
    metadata: { name: legacy, namespace: monitoring }
    spec:
      selector: { matchLabels: { app: legacy, canary: "no" } }
      namespaceSelector: { matchNames: [shop, billing] }
      podMetricsEndpoints:
        - { port: metrics, honorLabels: true, metricRelabelings: [{ action: drop }] }
        - { port: other }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: unrelated } }
`;

let folder: string;
const file = (text: string, name: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-adopt-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a ServiceMonitor that is taken over", () => {
  it("becomes a definition that scrapes the same port of the same Service", () => {
    const { text } = adoptCommand([file(PLAIN, "plain.yaml")], {});
    expect(text).toMatch(/name: "checkout",\n {2}owner: "shop",\n {2}tier: "standard",/);
    expect(text).toContain('http: { port: "web", path: "/internal/metrics", metrics: "otel" }');
  });

  it("is said to go on scraping, so that nobody counts everything twice", () => {
    const { report } = adoptCommand([file(PLAIN, "plain.yaml")], {});
    expect(report).toMatch(/^2 things to check before you delete/);
    expect(report).toContain("then delete the old monitor");
  });

  it("loses nothing silently: what a definition has no place for is told", () => {
    const { text, report } = adoptCommand([file(ODD, "odd.yaml")], { owner: "billing" });
    expect(text.match(/defineService\(/g)).toHaveLength(1);
    for (const lost of [
      "selector",
      "kind",
      "namespaceSelector",
      "endpoints",
      "honorLabels",
      "metricRelabelings",
    ])
      expect(report).toContain(`odd.yaml: legacy ${lost}`);
  });

  it.each([
    ["no file", () => [], /no file/],
    ["a file that is not there", () => ["/nowhere.yaml"], /no file, or one without read permission/],
    ["no YAML", () => [file("{ broken", "broken.yaml")], /invalid YAML/],
    ["no monitor", () => [file("kind: ConfigMap", "other.yaml")], /no ServiceMonitor and no PodMonitor/],
  ])("is refused for %s", (_, files, message) => {
    expect(() => adoptCommand(files(), {})).toThrow(message);
  });
});
