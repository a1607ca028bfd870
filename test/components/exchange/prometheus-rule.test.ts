import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importServices } from "../../../components/exchange/model.ts";
import { imported } from "./files.ts";

const text = readFileSync(join(import.meta.dirname, "files/prometheus-rule/orders.yaml"), "utf8");

describe("a PrometheusRule", () => {
  const { definitions, losses } = imported(text);

  it("comes to a service with alerts of its own", () => {
    expect(definitions).toEqual([
      {
        name: "orders",
        owner: "shop",
        tier: "standard",
        description: "orders, imported from a PrometheusRule",
        namespace: "shop",
        scrape: { kind: "elsewhere", job: "orders" },
        alerts: {
          OrdersStopped: {
            expr: 'orders:rate5m{job="orders"} < 1',
            for: "1h30m",
            severity: "critical",
            summary: "No order came",
            description: "Customers cannot order. Look at the queue.",
            runbook: "https://wiki.example.com/orders",
            labels: { component: "checkout" },
          },
          OrdersStoppedWarning: {
            expr: 'orders:rate5m{job="orders"} < 10',
            for: "0s",
            severity: "warning",
            summary: "Few orders come",
            labels: { component: "checkout" },
          },
          OrdersTargetDown: {
            expr: 'up{job="orders"} == 0',
            for: "2d",
            severity: "warning",
            summary: expect.stringMatching(/^The orders service is down.{100,}…$/),
            labels: { component: "checkout" },
          },
        },
      },
    ]);
  });

  it("names everything that is lost or changed, the recording rule first", () => {
    const group = "file.spec.groups[1]";
    expect(losses.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "file.metadata.labels.stage label",
      "file.spec.groups[0].rules[0].record recording-rule",
      `${group}.interval rule-interval`,
      `${group}.limit group-setting`,
      `${group}.rules[0].annotations.grafana own-alert-annotation`,
      `${group}.rules[1].alert own-alert-name`,
      `${group}.rules[1].labels.severity alert-severity`,
      `${group}.rules[1].labels.owner own-alert-label`,
      `${group}.rules[2].alert own-alert-name`,
      `${group}.rules[2].for alert-held`,
      `${group}.rules[2].labels.severity alert-severity`,
      `${group}.rules[2].labels.value own-alert-label`,
      `${group}.rules[2].annotations.summary alert-text`,
      `${group}.rules[3].expr alert-query`,
    ]);
    expect(losses.find(({ kind }) => kind === "own-alert-name")?.value).toBe(
      '"OrdersStopped", now OrdersStoppedWarning',
    );
  });

  it("adds its alerts to the service of another file", () => {
    const more = text
      .replace("name: orders\n", "name: more\n")
      .replace("    team: shop\n", "    team: shop\n    app: orders\n");
    const both = importServices(
      [
        { name: "a.yaml", text },
        { name: "b.yaml", text: more },
      ],
      {},
    );
    expect(both.ok && both.value.services.map(({ alerts }) => Object.keys(alerts))).toEqual([
      [
        "OrdersStopped",
        "OrdersStoppedWarning",
        "OrdersTargetDown",
        "OrdersStoppedCritical",
        "OrdersStopped2",
        "OrdersTargetDownWarning",
      ],
    ]);
  });

  it("is refused with every problem where it is not the shape of one", () => {
    const result = importServices([
      {
        name: "bad.yaml",
        text: "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {}\nspec: { groups: [{ name: a, rules: [{ alert: B, for: soon }] }] }\n",
      },
    ]);
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual([
      "bad.yaml.metadata.name",
      "bad.yaml.spec.groups[0].rules[0].expr",
      "bad.yaml.spec.groups[0].rules[0].for",
    ]);
  });
});
