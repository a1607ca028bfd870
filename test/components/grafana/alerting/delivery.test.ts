import { describe, expect, it } from "vitest";
import { GRAFANA_ALERTS } from "../../../../components/grafana/alerting/catalogue/index.ts";
import { alertingProblems, reachable } from "../../../../components/grafana/alerting/model.ts";
import {
  CONTACT_SECRETS,
  provisioningFiles,
  secretNames,
} from "../../../../components/grafana/alerting/provisioning.ts";
import { alertsOfGrafana, renderAlerting } from "../../../../components/grafana/alerting/render.ts";
import { renderContent } from "../../../../components/grafana/content.ts";
import type { PanelJson } from "../../../../components/grafana/json.ts";
import { CONTENT, EXISTING } from "../samples.ts";
import { ALERTING, RECEIVERS } from "./samples.ts";

const content = renderAlerting(ALERTING);
const rules = content.groups.flatMap((group) => group.rules);

describe("the alerts that Grafana evaluates", () => {
  it("link to a dashboard and to a panel of it that exist", () => {
    const boards = renderContent({ ...CONTENT, settings: EXISTING }).folders.flatMap(
      ({ dashboards }) => dashboards,
    );
    expect(rules).toHaveLength(GRAFANA_ALERTS.length);
    for (const { title, annotations } of rules) {
      const board = boards.find(({ json }) => json.uid === annotations["__dashboardUid__"]);
      const panels = (board?.json.panels ?? []).filter((panel): panel is PanelJson => panel.type !== "row");
      expect(
        panels.map(({ id }) => String(id)),
        title,
      ).toContain(annotations["__panelId__"]);
    }
  });

  it("ask the data sources that the environment has", () => {
    const { prometheus } = renderContent({ ...CONTENT, settings: EXISTING }).sources;
    const asked = new Set(rules.flatMap(({ steps }) => steps.map(({ datasourceUid }) => datasourceUid)));
    expect([...asked].sort()).toEqual(["__expr__", content.cloudWatch?.uid, prometheus.uid].sort());
  });

  it("have uids that Grafana takes, and that differ", () => {
    const uids = rules.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^[\w-]{1,40}$/);
  });

  it("leave AWS out where nobody says how it is read, and take those rules away from a Grafana that had them", () => {
    const elsewhere = { ...ALERTING, settings: { notifications: "per-rule" as const } };
    const without = renderAlerting(elsewhere);
    expect(without.cloudWatch).toBeUndefined();
    expect(without.groups.map(({ name }) => name)).toEqual(["alerting-itself"]);
    expect(without.absent).toHaveLength(7);
    expect(alertsOfGrafana(elsewhere).map(({ name }) => name)).toEqual(
      without.groups.flatMap((group) => group.rules.map(({ title }) => title)),
    );
  });

  it("are rendered to the same bytes each time", () => {
    expect(provisioningFiles(renderAlerting(ALERTING))).toEqual(provisioningFiles(content));
  });
});

describe("who is told", () => {
  it("is named by each rule, and the notification policy is left alone, unless it is ours", () => {
    expect(content.policy).toBeUndefined();
    expect(new Set(rules.map(({ contactPoint }) => contactPoint))).toEqual(
      new Set(content.contactPoints.map(({ name }) => name)),
    );
    const ours = renderAlerting({ ...ALERTING, settings: { notifications: "policy" } });
    expect(ours.policy?.routes.map(({ severity }) => severity)).toEqual(["critical", "warning"]);
    expect(ours.groups.flatMap((group) => group.rules).filter(({ contactPoint }) => contactPoint)).toEqual(
      [],
    );
  });

  it("is everybody whom Alertmanager would tell, but for mail from a Grafana that has no server for it", () => {
    const ways = ({ contactPoints }: typeof content) =>
      contactPoints.map(({ integrations }) => integrations.map(({ receiver }) => receiver));
    expect(ways(content)).toEqual([
      ["platform-mail", "platform-pager"],
      ["platform-chat", "platform-hook"],
    ]);
    expect(ways(renderAlerting({ ...ALERTING, kind: "in-cluster" }))).toEqual([
      ["platform-pager"],
      ["platform-chat", "platform-hook"],
    ]);
  });

  it("stands in no file with anything secret: its value is read from a mounted one", () => {
    const text = Object.values(provisioningFiles(content)).join("");
    expect(secretNames(content)).toEqual(["platformHookUrl", "platformPagerdutyKey", "platformSlackUrl"]);
    for (const name of secretNames(content)) expect(text).toContain(`$__file{${CONTACT_SECRETS}/${name}}`);
  });
});

describe("settings that cannot be", () => {
  const where = { onEks: true, owner: "platform", path: "environment.grafana" };
  const mailOnly = { ...RECEIVERS, critical: reachable(RECEIVERS, "existing").critical };
  const { "platform-pager": _, ...mail } = mailOnly.critical;

  it("are a Grafana on the cluster that could tell nobody", () => {
    const settings = { kind: "in-cluster", alerting: { notifications: "policy" as const } };
    expect(alertingProblems(settings, RECEIVERS, where)).toEqual([]);
    expect(alertingProblems(settings, { ...RECEIVERS, critical: mail }, where)).toMatchObject([
      { path: "environment.alertmanager.teams.platform.critical" },
    ]);
    expect(
      alertingProblems({ ...settings, kind: "existing" }, { ...RECEIVERS, critical: mail }, where),
    ).toEqual([]);
  });

  it("are alerts of AWS for a cluster that is not built there", () => {
    const settings = { kind: "existing", alerting: ALERTING.settings };
    expect(alertingProblems(settings, RECEIVERS, where)).toEqual([]);
    expect(alertingProblems(settings, RECEIVERS, { ...where, onEks: false })).toMatchObject([
      {
        path: "environment.grafana.alerting.cloudWatch",
        fix: "remove it, or name the EKS cluster in environment.cluster.eks",
      },
    ]);
  });
});
