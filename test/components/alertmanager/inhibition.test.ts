import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { type Server, until } from "../../support/servers.ts";
import { ENVIRONMENT, SETTINGS } from "./settings.ts";

type Labels = Readonly<Record<string, string>>;

interface ApiAlert {
  readonly labels: Labels;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

let server: Server;
let folder: string;
let api: string;

// Receivers without files or addresses to reach: what is shown here is who is silenced, and nothing is sent.
const receivers = Object.fromEntries(
  Object.keys(SETTINGS.receivers).map((name) => [
    name,
    { type: "local-webhook" as const, url: `http://127.0.0.1:9/${name}` },
  ]),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-inhibition-"));
  server = await serveAlertmanager(folder, renderAlertmanagerConfig({ ...SETTINGS, receivers }, ENVIRONMENT));
  api = server.url;
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

let scene = 0;

/**
 * Whether the target is silenced while the source fires. Every scene is a cluster of its own, so that one says nothing
 * about another; a witness that is silenced for sure, sent last, shows that Alertmanager has looked at all of them.
 */
async function silences(source: Labels, target: Labels): Promise<boolean> {
  const cluster = `scene-${scene++}`;
  const witness = { alertname: "Witness", namespace: "witness", cluster };
  for (const labels of [
    source,
    target,
    { ...witness, severity: "critical" },
    { ...witness, severity: "warning" },
  ])
    await fire({ ...labels, cluster });
  await until(async () => isSilenced({ ...witness, severity: "warning", cluster }));
  return isSilenced({ ...target, cluster });
}

async function fire(labels: Labels): Promise<void> {
  const response = await fetch(`${api}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ labels }]),
  });
  expect(response.status).toBe(200);
}

async function isSilenced(labels: Labels): Promise<boolean> {
  const response = await fetch(
    `${api}/api/v2/alerts?filter=${encodeURIComponent(`cluster="${labels["cluster"]}"`)}`,
  );
  const alerts = (await response.json()) as ApiAlert[];
  const found = alerts.find((alert) => sameLabels(alert.labels, labels));
  return (found?.status.inhibitedBy.length ?? 0) > 0;
}

function sameLabels(a: Labels, b: Labels): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([name, value]) => b[name] === value);
}

const DISK = {
  alertname: "KubePersistentVolumeFillingUp",
  namespace: "shop",
  persistentvolumeclaim: "data-0",
};
const SLO = { service: "storefront", slo: "availability", team: "shop" };
const PAGE = { ...SLO, alertname: "SLOErrorBudgetBurnFast", severity: "critical" };
const TICKET = { ...SLO, alertname: "SLOErrorBudgetBurnSlow", severity: "warning" };

describe("on a real Alertmanager", () => {
  it("a critical alert silences the warning and the context about the same thing", async () => {
    const critical = { ...DISK, severity: "critical" };
    expect(await silences(critical, { ...DISK, severity: "warning" })).toBe(true);
    expect(await silences(critical, { ...DISK, severity: "info" })).toBe(true);
    expect(await silences({ ...DISK, severity: "warning" }, { ...DISK, severity: "info" })).toBe(true);
  });

  it("a critical alert about one thing leaves the warning about another alone", async () => {
    const critical = { ...DISK, severity: "critical" };
    for (const other of [
      { persistentvolumeclaim: "data-1" },
      { namespace: "payments" },
      { alertname: "Other" },
    ])
      expect(await silences(critical, { ...DISK, ...other, severity: "warning" })).toBe(false);
    const node = {
      alertname: "NodeFilesystem",
      namespace: "monitoring-node",
      instance: "a",
      device: "nvme0",
    };
    expect(
      await silences({ ...node, severity: "critical" }, { ...node, instance: "b", severity: "warning" }),
    ).toBe(false);
  });

  it("the same name alone does not make two alerts one thing", async () => {
    const bare = { alertname: "Custom" };
    expect(
      await silences(
        { ...bare, severity: "critical", queue: "a" },
        { ...bare, severity: "warning", queue: "b" },
      ),
    ).toBe(false);
  });

  it("a warning never silences a page, and a page no other page", async () => {
    expect(await silences({ ...DISK, severity: "warning" }, { ...DISK, severity: "critical" })).toBe(false);
    expect(await silences(TICKET, PAGE)).toBe(false);
    expect(await silences(PAGE, { ...PAGE, alertname: "Another" })).toBe(false);
  });

  it("the page of an objective silences its ticket", async () => {
    expect(await silences(PAGE, TICKET)).toBe(true);
  });

  it("the page of an objective leaves tickets of others alone", async () => {
    expect(await silences(PAGE, { ...TICKET, service: "checkout" })).toBe(false);
    expect(await silences(PAGE, { ...TICKET, slo: "latency" })).toBe(false);
  });

  it("alerts that both lack service and slo are not about the same objective", async () => {
    expect(
      await silences(
        { alertname: "Page", severity: "critical" },
        { alertname: "Ticket", severity: "warning" },
      ),
    ).toBe(false);
    expect(
      await silences(
        { alertname: "Page", severity: "critical", service: "storefront" },
        { alertname: "Ticket", severity: "warning", service: "storefront" },
      ),
    ).toBe(false);
  });

  it("every cause that the catalogue names silences its consequence, where they agree", async () => {
    const mutes = CATALOGUE.flatMap(({ name, mutedBy = [] }) => mutedBy.map((mute) => ({ name, ...mute })));
    expect(mutes.length).toBeGreaterThan(0);
    for (const { name, alert, equal } of mutes) {
      const shared = Object.fromEntries(equal.map((label) => [label, "a"]));
      const consequence = { alertname: name, severity: "warning" };
      const cause = { alertname: alert, severity: "critical", ...shared };
      expect(await silences(cause, { ...consequence, ...shared })).toBe(true);
      expect(await silences(cause, { ...consequence, ...shared, severity: "critical" })).toBe(false);
      if (equal.length > 0) {
        const elsewhere = Object.fromEntries(equal.map((label) => [label, "b"]));
        expect(await silences(cause, { ...consequence, ...elsewhere })).toBe(false);
        expect(
          await silences({ ...cause, ...Object.fromEntries(equal.map((label) => [label, ""])) }, consequence),
        ).toBe(false);
      }
    }
  });
});
