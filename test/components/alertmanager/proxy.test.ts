import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEMPLATES_CONFIG_MAP } from "../../../components/alertmanager/configuration.ts";
import { type AlertmanagerSettings, receiverPorts } from "../../../components/alertmanager/model.ts";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { rewriteAlertmanager } from "../../support/control-plane/rewriting.ts";
import { type Server, until } from "../../support/servers.ts";
import { SETTINGS } from "./settings.ts";

// The Alertmanager that is deployed, whose receivers are on the Internet, and a proxy on loopback that lets nothing through: what it is asked for is
// where Alertmanager wants to go.

const ASKED: string[] = [];
let proxy: HttpServer;
let folder: string;
let alertmanager: Server;
let settings: AlertmanagerSettings;

beforeAll(async () => {
  proxy = createServer((_, response) => void response.writeHead(502).end())
    .on("connect", ({ url = "" }, socket) => {
      ASKED.push(url);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    })
    .listen(0, "127.0.0.1");
  await new Promise((resolve) => proxy.once("listening", resolve));
  settings = { ...SETTINGS, proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  folder = await mkdtemp(join(tmpdir(), "bellwether-proxy-"));
  const config = renderAlertmanagerConfig(settings, "prod");
  const templates = renderNotificationTemplates({ environment: "prod", externalUrl: false });
  const files = new Map([[`configmaps/${TEMPLATES_CONFIG_MAP}/bellwether.tmpl`, templates]]);
  for (const [, path = ""] of config.matchAll(/\/etc\/alertmanager\/(secrets\/\S+)/g))
    files.set(path, /url$/i.test(path) ? "https://hooks.example.com/services/T0/B0/x" : "key");
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const pagerdutyUrl = "https://events.pagerduty.com/v2/enqueue";
  alertmanager = await serveAlertmanager(
    folder,
    rewriteAlertmanager(config, { mounted: folder, pagerdutyUrl, factor: 60 }),
  );
});
afterAll(async () => {
  await alertmanager?.stop();
  proxy?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a proxy to the Internet", () => {
  it("is asked for the pager and the chat", async () => {
    const labels = { alertname: "Example", team: "shop", cluster: "prod", severity: "critical" };
    const alerts = [labels, { ...labels, severity: "warning" }].map((each) => ({
      labels: each,
      annotations: {},
    }));
    const { status } = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    expect(status).toBe(200);
    await until(
      async () => ["events.pagerduty.com:443", "hooks.example.com:443"].every((host) => ASKED.includes(host)),
      30,
    );
  });

  it("has the only port that HTTP receivers need, beside that of mail and of a test receiver", () => {
    const port = (proxy.address() as AddressInfo).port;
    expect(receiverPorts(settings)).toContain(port);
    expect(receiverPorts(settings)).not.toContain(443);
    expect(receiverPorts(SETTINGS)).toContain(443);
    const { receivers } = SETTINGS;
    expect(receiverPorts({ receivers, proxyUrl: "http://proxy.example.com" })).toContain(80);
  });
});
