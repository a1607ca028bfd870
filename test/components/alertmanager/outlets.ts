import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TEMPLATES_CONFIG_MAP } from "../../../components/alertmanager/configuration.ts";
import type { AlertmanagerSettings } from "../../../components/alertmanager/model.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { rewriteAlertmanager } from "../../support/control-plane/rewriting.ts";
import { startMailServer } from "./mail-server.ts";

// The Alertmanager that is deployed, with a receiver of each type on loopback that keeps what it gets, byte for byte.

export interface SlackMessage {
  readonly channel: string;
  readonly attachments: readonly {
    readonly title: string;
    readonly title_link?: string;
    readonly fallback: string;
    readonly text: string;
    readonly color: string;
  }[];
  readonly username: string;
}

export interface PagerDutyEvent {
  readonly event_action: "trigger" | "resolve";
  readonly client: string;
  readonly client_url?: string;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly payload: {
    readonly summary: string;
    readonly severity: string;
    readonly source: string;
    readonly class?: string;
    readonly component?: string;
    readonly group?: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
}

export interface Outlets {
  readonly slack: readonly SlackMessage[];
  readonly pagerduty: readonly PagerDutyEvent[];
  /** As an SMTP server gets them: headers and parts. */
  readonly mails: readonly string[];
  /** The size in bytes of each request to Slack and PagerDuty. */
  readonly sizes: { readonly slack: readonly number[]; readonly pagerduty: readonly number[] };
  readonly raise: (
    alerts: readonly { readonly labels: object; readonly annotations: object; readonly endsAt?: string }[],
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** One team whose critical alerts go to all three receivers. */
const settings = (mailPort: number): AlertmanagerSettings => ({
  replicas: 1,
  retention: "5d",
  volume: "1Gi",
  pages: ["critical", "standard", "best-effort"],
  receivers: {
    pager: { type: "pagerduty", routingKeySecret: "pagerKey" },
    chat: { type: "slack", webhookUrlSecret: "chatUrl", channel: "#alerts" },
    mail: {
      type: "email",
      to: ["oncall@example.com"],
      from: "alertmanager@example.com",
      smarthost: `127.0.0.1:${mailPort}`,
    },
    heartbeat: { type: "local-webhook", url: "http://127.0.0.1:9/" },
  },
  fallback: "chat",
  teams: { shop: { critical: ["pager", "chat", "mail"], warning: ["chat"] } },
  heartbeat: { receiver: "heartbeat", interval: "1h" },
});

/** What Alertmanager reads, and how many times faster than in production its time passes. */
export interface Stage {
  /** Default: one team whose critical alerts go to a receiver of each type. */
  readonly configuration?: string;
  readonly templates: string;
  readonly factor: number;
}

export async function startOutlets({ configuration, templates, factor }: Stage): Promise<Outlets> {
  const slack: SlackMessage[] = [];
  const pagerduty: PagerDutyEvent[] = [];
  const sizes = { slack: [] as number[], pagerduty: [] as number[] };
  const web = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      if (request.url === "/other") return void response.end();
      const isSlack = request.url === "/slack";
      sizes[isSlack ? "slack" : "pagerduty"].push(Buffer.byteLength(body));
      if (isSlack) slack.push(JSON.parse(body) as SlackMessage);
      else pagerduty.push(JSON.parse(body) as PagerDutyEvent);
      response
        .writeHead(isSlack ? 200 : 202, { "content-type": isSlack ? "text/plain" : "application/json" })
        .end(isSlack ? "ok" : '{"status":"success"}');
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => web.once("listening", resolve));
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const mails: string[] = [];
  const mail = await startMailServer({ onMail: (text) => mails.push(text) });

  const folder = await mkdtemp(join(tmpdir(), "bellwether-outlets-"));
  const config =
    configuration ?? renderAlertmanagerConfig(settings((mail.address() as AddressInfo).port), "prod");
  const files = new Map([[`configmaps/${TEMPLATES_CONFIG_MAP}/bellwether.tmpl`, templates]]);
  for (const [, path = ""] of config.matchAll(/\/etc\/alertmanager\/(secrets\/\S+)/g))
    files.set(path, /slack|chat/i.test(path) ? `${url}/slack` : /url$/i.test(path) ? `${url}/other` : "key");
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const alertmanager = await serveAlertmanager(
    folder,
    rewriteAlertmanager(config, { mounted: folder, pagerdutyUrl: `${url}/pagerduty`, factor }).replace(
      "global:\n",
      "global:\n  smtp_require_tls: false\n",
    ),
  );
  return {
    slack,
    pagerduty,
    mails,
    sizes,
    async raise(alerts) {
      const { status } = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(alerts),
      });
      if (status !== 200) throw new Error(`Alertmanager answered ${status}`);
    },
    async stop() {
      await alertmanager.stop();
      web.closeAllConnections();
      web.close();
      mail.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
