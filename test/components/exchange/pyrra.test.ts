import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importServices } from "../../../components/exchange/model.ts";
import { imported, pyrraFiles } from "./files.ts";

const text = (file: string) => readFileSync(join(import.meta.dirname, "files/pyrra", file), "utf8");

describe("a file of Pyrra", () => {
  it("comes to one service with the objectives of its documents, and names what is lost", () => {
    const { definitions, losses } = imported(text("edge.yaml"));
    expect(definitions).toEqual([
      {
        name: "cart",
        owner: "shop",
        tier: "standard",
        description: "cart, imported from Pyrra",
        namespace: "shop",
        scrape: { kind: "elsewhere" },
        objectives: {
          custom: {
            "cart-errors": {
              percent: "99.9",
              period: "28d",
              description: "Requests through the ingress that do not fail.",
              errors:
                'sum(rate(nginx_ingress_controller_requests{ingress="cart",status=~"5.."}[{{.window}}]))',
              total: 'sum(rate(nginx_ingress_controller_requests{ingress="cart"}[{{.window}}]))',
            },
            "cart-latency": {
              percent: "95",
              period: "7d",
              good: 'sum(rate(nginx_ingress_controller_request_duration_seconds_bucket{ingress="cart",le="1"}[{{.window}}]))',
              total:
                'sum(rate(nginx_ingress_controller_request_duration_seconds_count{ingress="cart"}[{{.window}}]))',
            },
          },
        },
      },
    ]);
    expect(losses.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'file[0].metadata.labels["pyrra.dev/tier"] label',
      "file[0].spec.indicator.ratio.grouping grouped-series",
      "file[0].spec.alerting.name alert-name",
      "file[1].spec.window time-window",
    ]);
  });

  it("with a gauge of yes and no counts its samples, and one of a native histogram is lost as a whole", () => {
    const { definitions, losses } = imported(text("gauge-and-native.yaml"));
    expect(definitions.map(({ name, owner }) => [name, owner])).toEqual([["replication", "storage"]]);
    expect(definitions[0]?.scrape).toEqual({ kind: "elsewhere", job: "replicas" });
    expect(definitions[0]?.objectives?.custom?.["replication"]).toMatchObject({
      good: 'sum(sum_over_time(replication_in_sync{job="replicas"}[{{.window}}]))',
      total: 'sum(count_over_time(replication_in_sync{job="replicas"}[{{.window}}]))',
    });
    expect(losses.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "file[0].spec.alerting.absent alert-disabled",
      "file[1].spec.indicator.latencyNative native-latency",
    ]);
  });

  it.each([
    ["no indicator", "target: '99'\n  window: 4w\n  indicator: {}", "file.spec.indicator"],
    [
      "a target without quotes",
      "target: 99\n  window: 4w\n  indicator: {bool_gauge: {metric: up}}",
      "file.spec.target",
    ],
    ["no window", "target: '99'\n  indicator: {bool_gauge: {metric: up}}", "file.spec.window"],
  ])("with %s is refused by path", (_, spec, path) => {
    const document = `apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: a}\nspec:\n  ${spec}\n`;
    const result = importServices([{ name: "file", text: document }], { owner: "shop", namespace: "shop" });
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual([path]);
  });

  it("is read for every file of the folder", () => {
    expect(pyrraFiles()).toHaveLength(2);
  });
});
