import { afterEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { incidentSeverities } from "../../../components/alertmanager/model.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { until } from "../../support/servers.ts";
import { type Labels, type Paging, startPaging, summaryOf } from "./paging.ts";
import { SETTINGS } from "./settings.ts";

// Alertmanager drops what is inhibited, its end too (prometheus/alertmanager#226, #2754): an alert that was notified, is inhibited later
// and ends while it is inhibited stays an open incident at PagerDuty for good. So nothing that PagerDuty was notified of is inhibited.

const FACTOR = 120;
let paging: Paging | undefined;
afterEach(async () => {
  await paging?.stop();
  paging = undefined;
});

const states = (labels: Labels) =>
  (paging?.sink.notifications ?? [])
    .filter(({ secret, text }) => /pagerduty/i.test(secret) && text.includes(summaryOf(labels)))
    .map(({ state }) => state);

/** A consequence is notified, then its cause fires, then the consequence ends; the cause goes on. What the consequence's receiver got. */
async function inhibitedLater(consequence: Labels, cause: Labels): Promise<readonly string[]> {
  await paging?.post("firing", consequence);
  await until(async () => states(consequence).length === 1, 30);
  await paging?.post("firing", cause);
  await until(async () => states(cause).length === 1, 30);
  await paging?.post("resolved", consequence);
  // Two pages one after the other take longer than the group interval in which the end would have been notified.
  const witness = { ...cause, alertname: "Witness" };
  await paging?.post("firing", witness);
  await until(async () => states(witness).length === 1, 30);
  await paging?.post("resolved", witness);
  await until(async () => states(witness).length === 2, 30);
  await until(async () => states(consequence).length === 2, 10).catch(() => undefined);
  return states(consequence);
}

const CLUSTER = { cluster: "prod", team: "platform" };
const LOST = { ...CLUSTER, alertname: "KubeNodesNotReady", severity: "critical" };
const POD = { ...CLUSTER, alertname: "KubePodNotReady", namespace: "shop", pod: "web-1" };

describe("an incident whose cause fires later", () => {
  it("would stay open for good if Alertmanager inhibited it", async () => {
    const config = parse(renderAlertmanagerConfig(SETTINGS, "prod")) as Record<string, unknown>;
    const inhibit = {
      source_matchers: ['alertname="KubeNodesNotReady"'],
      target_matchers: ['alertname="KubePodNotReady"'],
      equal: ["cluster"],
    };
    paging = await startPaging(stringify({ ...config, inhibit_rules: [inhibit] }), FACTOR);
    expect(await inhibitedLater({ ...POD, severity: "critical" }, LOST)).toEqual(["firing"]);
  });

  it("ends at PagerDuty when the page ends, before its cause does", async () => {
    paging = await startPaging(renderAlertmanagerConfig(SETTINGS, "prod"), FACTOR);
    expect(await inhibitedLater({ ...POD, severity: "critical" }, LOST)).toEqual(["firing", "resolved"]);
  });

  it("ends at PagerDuty when the ticket ends, where tickets go to PagerDuty", async () => {
    const teams = { platform: { critical: ["platform-pager"], warning: ["platform-pager"] } } as const;
    paging = await startPaging(renderAlertmanagerConfig({ ...SETTINGS, teams } as never, "prod"), FACTOR);
    expect(await inhibitedLater({ ...POD, severity: "warning" }, LOST)).toEqual(["firing", "resolved"]);
  });
});

describe("the severities whose receivers keep incidents", () => {
  const severities = (warning: string) =>
    incidentSeverities({
      ...SETTINGS,
      teams: { platform: { critical: ["safety-net"], warning: [warning] } },
    });

  it("are those of pages, and of tickets that go to PagerDuty or a webhook", () => {
    for (const receiver of ["platform-pager", "shop-hook"])
      expect(severities(receiver)).toEqual(["critical", "warning"]);
    for (const receiver of ["platform-chat", "safety-net", "dead-mans-switch"])
      expect(severities(receiver)).toEqual(["critical"]);
  });
});
