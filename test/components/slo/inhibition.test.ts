import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { ALERTS } from "../../../components/slo/conventions.ts";
import { files } from "../../infra/previews.ts";
import { AlertingStage } from "../../support/alerting-stage.ts";

// Who hears of what while an objective pages, from production's Alertmanager as it is rendered. Its rules ask both alerts for a
// service and an objective; what they would do if they did not is shown beside it.

/** A minute of production is a second here. */
const FASTER = 60;

const of = (slo: string) => ({ service: "storefront", slo, team: "shop" });
const PAGE = { ...of("availability"), alertname: ALERTS.fastBurn, severity: "critical" };
const TICKET = { ...of("availability"), alertname: ALERTS.slowBurn, severity: "warning" };
const ABSENT = { ...of("availability"), alertname: ALERTS.absent, severity: "warning" };
const OF_ANOTHER_OBJECTIVE = { ...of("latency"), alertname: ALERTS.slowBurn, severity: "warning" };
const OF_ANOTHER_SERVICE = { ...TICKET, service: "checkout" };
/** No pod is available, so that two objectives have no data. */
const NO_PODS = {
  service: "basket",
  team: "shop",
  alertname: "ServiceHasNoAvailablePods",
  severity: "critical",
};
const WITHOUT_DATA = ["availability", "latency"].map((slo) => ({ ...ABSENT, service: "basket", slo }));
/** A team's own alerts, which have neither a service nor an objective. */
const OWN_PAGE = { alertname: "QueueStuck", severity: "critical", team: "shop" };
const OWN_TICKET = { alertname: "CertificateOld", severity: "warning", team: "shop" };

const RAISED = [
  PAGE,
  TICKET,
  ABSENT,
  OF_ANOTHER_OBJECTIVE,
  OF_ANOTHER_SERVICE,
  NO_PODS,
  ...WITHOUT_DATA,
  OWN_PAGE,
  OWN_TICKET,
];

interface Config {
  readonly inhibit_rules: readonly Readonly<Record<string, readonly string[]>>[];
}

/** The same configuration without the demand that there be a service and an objective. */
function undemanding(config: string): string {
  const rendered = parse(config) as Config;
  const inhibit_rules = rendered.inhibit_rules.map((rule) =>
    rule["equal"]?.includes("slo")
      ? Object.fromEntries(
          Object.entries(rule).map(([key, values]) => [
            key,
            values.filter((value) => !/^(?:service|slo)=~"\.\+"$/.test(value)),
          ]),
        )
      : rule,
  );
  return stringify({ ...rendered, inhibit_rules }, { aliasDuplicateObjects: false });
}

const rendered = () => files("prod", "alertmanager")["alertmanager.yaml"] ?? "";
const stages: AlertingStage[] = [];

/** Who was told of what, once everything had its time to be told. */
async function told(alertmanager: string): Promise<readonly string[]> {
  const stage = await AlertingStage.set({ slos: [], alertmanager, faster: FASTER, replicas: 0 });
  stages.push(stage);
  for (const labels of RAISED) await stage.raise({ ...labels, cluster: "prod" });
  await stage.eventually("another service's ticket is told", () =>
    stage.sent.some(({ groupLabels }) => groupLabels["service"] === "checkout"),
  );
  await stage.pass("1m");
  return stage.sent.flatMap(({ receiver, alerts }) =>
    alerts.map(({ labels }) =>
      [receiver, labels["alertname"], labels["service"], labels["slo"]].filter(Boolean).join(" "),
    ),
  );
}

afterAll(() => Promise.all(stages.map((stage) => stage.clear())));

describe("while an objective pages", () => {
  let heard: readonly string[];
  let heardWithoutDemand: readonly string[];
  beforeAll(async () => {
    [heard, heardWithoutDemand] = await Promise.all([told(rendered()), told(undemanding(rendered()))]);
  });

  it("the critical receiver gets its page, and nobody its tickets", () => {
    expect(heard).toContain(`shop-pager ${ALERTS.fastBurn} storefront availability`);
    expect(heard.filter((one) => one.includes("storefront availability"))).toHaveLength(1);
  });

  it("the warning receiver gets the tickets of other objectives and other services", () => {
    expect(heard).toContain(`shop-chat ${ALERTS.slowBurn} storefront latency`);
    expect(heard).toContain(`shop-chat ${ALERTS.slowBurn} checkout availability`);
  });

  it("nobody gets the tickets for missing data of a service without pods, whose page comes", () => {
    expect(heard.filter((one) => one.includes("basket"))).toEqual([
      "shop-pager ServiceHasNoAvailablePods basket",
    ]);
  });

  it("a page without service and objective takes nobody's ticket away", () => {
    expect(heard).toContain("shop-pager QueueStuck");
    expect(heard).toContain("shop-chat CertificateOld");
    expect(heard).toHaveLength(6);
  });

  it("it would, if the rule did not ask both for a service and an objective", () => {
    expect(heardWithoutDemand).toContain("shop-pager QueueStuck");
    expect(heardWithoutDemand).not.toContain("shop-chat CertificateOld");
  });
});
