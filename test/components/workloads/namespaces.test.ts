import { describe, expect, it } from "vitest";
import { renderAlertRules } from "../../../components/alerts/render.ts";
import { renderInCluster } from "../../../components/grafana/render.ts";
import { renderDefinitionsRelease } from "../../../components/prometheus/custom-resource-definitions.ts";
import { defineService } from "../../../components/service/model.ts";
import { renderService, renderServiceTests } from "../../../components/service/render.ts";
import { renderDeletionGuard } from "../../../components/usage/render.ts";
import { DEFAULT_NAMESPACES, namespaceProblems } from "../../../components/workloads/model.ts";
import { mentions } from "../../support/mentions.ts";
import { IN_CLUSTER_ARGS } from "../grafana/samples.ts";
import { PRODUCTION } from "../prometheus/samples.ts";
import { DEFINITION } from "../service/samples.ts";
import { renderedPlatform } from "./rendered-platform.ts";

const OTHER = { monitoring: "bellwether", node: "bellwether-node" } as const;

const service = defineService({
  ...DEFINITION,
  probe: { module: "https_2xx", targets: ["https://shop.example.com"] },
});

/** Everything that a platform renders, in two namespaces. */
function rendered(namespaces: { readonly monitoring: string; readonly node: string }): readonly unknown[] {
  const { monitoring: namespace } = namespaces;
  const args = {
    service,
    environment: "prod",
    runbookBaseUrl: "https://runbooks.example.com",
    scrapeInterval: "30s",
    namespace,
    monitoringNamespace: namespace,
  } as const;
  return [
    ...renderedPlatform(namespaces),
    renderInCluster({ ...IN_CLUSTER_ARGS, namespace }),
    renderDefinitionsRelease(namespaces),
    renderDeletionGuard(namespace),
    renderAlertRules({
      settings: { runbookBaseUrl: args.runbookBaseUrl, overrides: {} },
      owner: "platform",
      cluster: PRODUCTION.cluster,
      scrapeInterval: args.scrapeInterval,
      namespace,
    }),
    renderService(args),
    renderServiceTests(args),
  ];
}

describe("the namespaces of an environment", () => {
  it("are the only ones that anything rendered names", () => {
    expect(rendered(OTHER).flatMap((tree) => mentions(tree))).toEqual([]);
  });

  it("are named where the default names are, and nothing else differs", () => {
    const text = (monitoring: string, node: string) =>
      // Of the configuration of Grafana, which has addresses in it.
      JSON.stringify(rendered({ monitoring, node })).replaceAll(/"checksum\/configuration":"[0-9a-f]+"/g, "");
    const usual = text(DEFAULT_NAMESPACES.monitoring, DEFAULT_NAMESPACES.node);
    expect(text("zzzzzzzzzz", "zzzzzzzzzz-node").replaceAll("zzzzzzzzzz", "monitoring")).toBe(usual);
    expect(rendered(DEFAULT_NAMESPACES).flatMap((tree) => mentions(tree)).length).toBeGreaterThan(100);
  });
});

describe("names of namespaces", () => {
  it("are refused if they are of Kubernetes, or one, all at once", () => {
    const problems = (monitoring: string, node: string) =>
      namespaceProblems({ monitoring, node }, "namespaces").map(({ path }) => path);
    expect(problems("bellwether", "bellwether-node")).toEqual([]);
    expect(problems("kubernetes-monitoring", "default-node")).toEqual([]);
    expect(problems("kube-public", "default")).toEqual(["namespaces.monitoring", "namespaces.node"]);
    expect(problems("kube-system", "kube-system")).toEqual([
      "namespaces.monitoring",
      "namespaces.node",
      "namespaces.node",
    ]);
  });
});
