import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEMPLATES_CONFIG_MAP } from "../../../components/alertmanager/configuration.ts";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { rewriteAlertmanager } from "../../support/control-plane/rewriting.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { type Server, until } from "../../support/servers.ts";
import { SETTINGS } from "./settings.ts";

// What PagerDuty gets from the Alertmanager that is deployed. Alertmanager reads each detail as YAML and hands on what that is, so that a
// text of lines such as "Since: …" would arrive as a map. Sixty times faster.

let folder: string;
let sink: Sink;
let alertmanager: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-pagerduty-"));
  sink = await startSink();
  const config = renderAlertmanagerConfig(SETTINGS, "prod");
  const files = new Map([
    [
      `configmaps/${TEMPLATES_CONFIG_MAP}/bellwether.tmpl`,
      renderNotificationTemplates({ environment: "prod", externalUrl: true }),
    ],
  ]);
  for (const [, path = ""] of config.matchAll(/\/etc\/alertmanager\/(secrets\/\S+)/g))
    files.set(path, sink.secretValue(path.split("/").at(-1) ?? ""));
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  alertmanager = await serveAlertmanager(
    folder,
    rewriteAlertmanager(config, { mounted: folder, pagerdutyUrl: sink.pagerdutyUrl, factor: 60 }),
  );
});
afterAll(async () => {
  await alertmanager?.stop();
  await sink?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function raise(alertname: string, annotations: object, endsAt: Date): Promise<void> {
  const labels = {
    alertname,
    cluster: "prod",
    service: "storefront",
    severity: "critical",
    team: "platform",
  };
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ labels, annotations, endsAt: endsAt.toISOString() }]),
  });
}

const told = (alertname: string) =>
  sink.notifications.filter(
    ({ secret, title }) => secret === "platformPagerdutyKey" && title.includes(alertname),
  );

describe("what PagerDuty is told of an alert", () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["a summary alone", "Plain", { summary: "storefront fails" }],
    ["a summary with a colon", "Colon", { summary: "storefront: 12% of its requests fail" }],
    ["a summary that is a list to YAML", "List", { summary: "- storefront fails" }],
    [
      "a meaning and links",
      "Whole",
      {
        summary: "storefront fails",
        description: "80% of the budget is left.",
        runbook_url: "https://example.com/runbooks/Whole.md",
      },
    ],
  ])("is a text from its begin to its end: %s", async (_, alertname, annotations) => {
    await raise(alertname, annotations, new Date(Date.now() + 600_000));
    await until(async () => told(alertname).length > 0, 20);
    await raise(alertname, annotations, new Date());
    await until(async () => told(alertname).length > 1, 20);
    const [begin, end] = told(alertname);
    expect(begin?.text.startsWith(`${annotations["summary"]}\n`), begin?.text).toBe(true);
    expect(end?.text.startsWith(`Resolved: ${annotations["summary"]}\n`), end?.text).toBe(true);
    for (const one of [begin, end]) expect(one?.text).toContain(`alertname=${alertname} `);
  });
});
