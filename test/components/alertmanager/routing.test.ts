import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AlertmanagerSettings, NULL_RECEIVER } from "../../../components/alertmanager/model.ts";
import { receiversFor, renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { ENVIRONMENT, SETTINGS } from "./settings.ts";

let amtool: string;
let folder: string;
let config: string;

beforeAll(async () => {
  amtool = await tool("amtool");
  folder = await mkdtemp(join(tmpdir(), "bellwether-routing-"));
  config = join(folder, "alertmanager.yaml");
  await writeFile(config, renderAlertmanagerConfig(SETTINGS, ENVIRONMENT));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two namespaces are the shop's, and all others the platform's. */
const OWNED: AlertmanagerSettings = {
  ...SETTINGS,
  workloads: { owner: "platform", namespaces: { shop: "shop", "shop-jobs": "shop" }, shared: {} },
};

/** Where Alertmanager's own matcher says that an alert ends. */
async function ends(labels: Readonly<Record<string, string>>, file = config): Promise<string[]> {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const { code, stdout, stderr } = await run(amtool, [
    "config",
    "routes",
    "test",
    `--config.file=${file}`,
    ...pairs,
  ]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout.trim().split(",");
}

const TEAMS = [...Object.keys(SETTINGS.teams), "nobody", ""];
const SEVERITIES = ["critical", "warning", "info", "none", "urgent", ""];
const ALERTS = ["Watchdog", "InfoInhibitor", "KubeNodesNotReady"];

describe("the routing tree", () => {
  it("is a configuration that amtool accepts", async () => {
    const { code, stdout } = await run(amtool, ["check-config", config]);
    expect(stdout).toContain("SUCCESS");
    expect(code).toBe(0);
  });

  it("leads every alert where the model says, for every team, severity and kind of alert", async () => {
    const cases = TEAMS.flatMap((team) =>
      SEVERITIES.flatMap((severity) =>
        ALERTS.map((alertname) => ({
          alertname,
          ...(team && { team }),
          ...(severity && { severity }),
        })),
      ),
    );
    for (const labels of cases)
      expect({ labels, ends: await ends(labels) }).toEqual({ labels, ends: receiversFor(SETTINGS, labels) });
  });

  it("leads alerts about a namespace where the model says, whoever owns it", async () => {
    const owned = join(folder, "owned.yaml");
    await writeFile(owned, renderAlertmanagerConfig(OWNED, ENVIRONMENT));
    for (const team of ["platform", "shop", "nobody"])
      for (const severity of ["critical", "warning", "info", "urgent"])
        for (const namespace of ["shop", "shop-jobs", "kube-system"]) {
          const labels = { alertname: "KubePodNotReady", team, severity, namespace };
          expect({ labels, ends: await ends(labels, owned) }).toEqual({
            labels,
            ends: receiversFor(OWNED, labels),
          });
        }
  });

  it("leads the platform's alerts about a team's namespace to the team, and no others", () => {
    const alert = { alertname: "KubePodNotReady", team: "platform" };
    for (const severity of ["critical", "warning"] as const) {
      const { platform, shop } = SETTINGS.teams;
      for (const namespace of ["shop", "shop-jobs"])
        expect(receiversFor(OWNED, { ...alert, severity, namespace })).toEqual(shop?.[severity]);
      expect(receiversFor(OWNED, { ...alert, severity, namespace: "kube-system" })).toEqual(
        platform?.[severity],
      );
      expect(receiversFor(OWNED, { ...alert, severity })).toEqual(platform?.[severity]);
      expect(receiversFor(SETTINGS, { ...alert, severity, namespace: "shop" })).toEqual(platform?.[severity]);
    }
    expect(receiversFor(OWNED, { ...alert, severity: "info", namespace: "shop" })).toEqual([NULL_RECEIVER]);
  });

  it("leads a team's pages and tickets to exactly its own receivers, all of them", () => {
    for (const [team, routes] of Object.entries(SETTINGS.teams)) {
      expect(receiversFor(SETTINGS, { team, severity: "critical" })).toEqual(routes.critical);
      expect(receiversFor(SETTINGS, { team, severity: "warning" })).toEqual(routes.warning);
    }
  });

  it("leads the Watchdog out of the cluster, whoever owns it", () => {
    expect(receiversFor(SETTINGS, { alertname: "Watchdog", severity: "none", team: "shop" })).toEqual([
      "dead-mans-switch",
    ]);
  });

  it("drops context, and nothing else", () => {
    expect(receiversFor(SETTINGS, { severity: "info", team: "shop" })).toEqual([NULL_RECEIVER]);
    expect(receiversFor(SETTINGS, { severity: "none", team: "shop" })).toEqual([NULL_RECEIVER]);
    expect(receiversFor(SETTINGS, { team: "shop" })).toEqual(["safety-net"]);
  });

  it("catches alerts of unknown teams and severities at the root", () => {
    expect(receiversFor(SETTINGS, { severity: "critical", team: "nobody" })).toEqual(["safety-net"]);
    expect(receiversFor(SETTINGS, { severity: "critical" })).toEqual(["safety-net"]);
    expect(receiversFor(SETTINGS, { severity: "urgent", team: "shop" })).toEqual(["safety-net"]);
  });
});
