import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server as WebServer } from "node:http";
import type { AddressInfo, Server as MailServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEMPLATES_CONFIG_MAP } from "../../../components/alertmanager/configuration.ts";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { CREDENTIALS_SECRET } from "../../../components/alertmanager/receivers.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { howTo } from "../../docs/page.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { rewriteAlertmanager } from "../../support/control-plane/rewriting.ts";
import { MountedSecret } from "../../support/mounted-secret.ts";
import { run } from "../../support/process.ts";
import { type Server, until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { startMailServer } from "./mail-server.ts";
import { SETTINGS } from "./settings.ts";

// What docs/how-to/rotate-secrets.md says of the receivers of Alertmanager: the version that is deployed reads the mounted file for each
// notification, so that a new value needs no reload and no restart. Sixty times faster: a page waits for a quarter of a second, and
// a group that has more to say is looked at again after two seconds.

/** The secrets of all kinds of receivers that have one, and what each is in the events of this test. */
const SECRETS = {
  platformPagerdutyKey: "routing key",
  platformSlackUrl: "path",
  shopHookUrl: "path",
  heartbeatUrl: "path",
  smtpPassword: "password",
} as const;
type Secret = keyof typeof SECRETS;
const NAMES = Object.keys(SECRETS) as Secret[];

/** Something arrived that shows which value of a secret was used. */
interface Arrival {
  readonly secret: Secret;
  readonly version: string;
  readonly text: string;
}

const arrivals: Arrival[] = [];
let folder: string;
let web: WebServer;
let mail: MailServer;
let mounted: MountedSecret;
let alertmanager: Server;

/** Each value has its secret and its version in it. */
const word = (secret: Secret, version: string) => `${secret}-${version}`;
const valuesOf = (version: string) => {
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  return Object.fromEntries(
    NAMES.map((secret) => {
      const value = word(secret, version);
      return [secret, SECRETS[secret] === "path" ? `${url}/${value}` : value];
    }),
  );
};

function arrived(used: string, text: string): void {
  const [secret = "", version = ""] = used.split("-");
  arrivals.push({ secret: secret as Secret, version, text });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-rotation-"));
  web = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const { routing_key } = JSON.parse(body) as { readonly routing_key?: string };
      arrived(routing_key ?? (request.url ?? "").slice(1), body);
      const status = routing_key === undefined ? 200 : 202;
      response.writeHead(status).end(routing_key === undefined ? "ok" : '{"status":"success"}');
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => web.once("listening", resolve));
  let login = "";
  mail = await startMailServer({
    onLogin: (_, password) => {
      login = password;
    },
    onMail: (text) => arrived(login, text),
  });
  const { receivers, teams } = SETTINGS;
  const settings: typeof SETTINGS = {
    ...SETTINGS,
    receivers: {
      ...receivers,
      "safety-net": {
        type: "email",
        to: ["oncall@example.com"],
        from: "alertmanager@example.com",
        smarthost: `127.0.0.1:${(mail.address() as AddressInfo).port}`,
        username: "alertmanager",
        passwordSecret: "smtpPassword",
      },
      "dead-mans-switch": { type: "webhook", urlSecret: "heartbeatUrl" },
    },
    teams: {
      ...teams,
      platform: {
        critical: ["platform-pager", "platform-chat", "shop-hook", "safety-net"],
        warning: ["platform-chat"],
      },
    },
  };
  const config = renderAlertmanagerConfig(settings, "prod");
  const template = join(folder, "configmaps", TEMPLATES_CONFIG_MAP, "bellwether.tmpl");
  await mkdir(dirname(template), { recursive: true });
  await writeFile(template, renderNotificationTemplates({ environment: "prod", externalUrl: false }));
  mounted = await MountedSecret.mount(join(folder, "secrets", CREDENTIALS_SECRET), {
    ...valuesOf("old"),
    shopPagerdutyKey: "of nobody here",
  });
  const pagerdutyUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/pagerduty`;
  alertmanager = await serveAlertmanager(
    folder,
    rewriteAlertmanager(config, { mounted: folder, pagerdutyUrl, factor: 60 }).replace(
      "global:\n",
      "global:\n  smtp_require_tls: false\n",
    ),
  );
});
afterAll(async () => {
  await alertmanager?.stop();
  web?.closeAllConnections();
  web?.close();
  mail?.close();
  await rm(folder, { recursive: true, force: true });
});

async function post(alertname: string, state: "firing" | "resolved"): Promise<void> {
  const heartbeat = alertname === "Watchdog";
  const labels = {
    alertname,
    cluster: "prod",
    team: "platform",
    severity: heartbeat ? "none" : "critical",
  };
  const endsAt = new Date(Date.now() + (state === "firing" ? 3_600_000 : 0)).toISOString();
  const { status } = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ labels, annotations: { summary: `${alertname} fails` }, endsAt }]),
  });
  expect(status).toBe(200);
}

/** The versions that arrivals about an alert used, by secret. */
function versionsOf(alertname: string): Partial<Record<Secret, readonly string[]>> {
  const about = arrivals.filter(({ text }) => text.includes(alertname));
  return Object.fromEntries(
    NAMES.flatMap((secret) => {
      const versions = about.filter((each) => each.secret === secret).map(({ version }) => version);
      return versions.length === 0 ? [] : [[secret, [...new Set(versions)]]];
    }),
  );
}

/** All that get an alert, with one version. */
const everywhere = (version: string) => ({
  platformPagerdutyKey: [version],
  platformSlackUrl: [version],
  shopHookUrl: [version],
  smtpPassword: [version],
});

async function reloads(): Promise<string | undefined> {
  const text = await (await fetch(`${alertmanager.url}/metrics`)).text();
  return /^alertmanager_config_last_reload_success_timestamp_seconds (\S+)$/m.exec(text)?.[1];
}

describe("a new value of a receiver's secret", () => {
  let loaded: string | undefined;

  it("is not used before the mounted file has it", async () => {
    loaded = await reloads();
    await post("Before", "firing");
    await post("Watchdog", "firing");
    await until(async () => Object.keys(versionsOf("Before")).length === 4, 20);
    await until(async () => arrivals.some(({ secret }) => secret === "heartbeatUrl"), 20);
    expect(versionsOf("Before")).toEqual(everywhere("old"));
    expect(versionsOf("Watchdog")).toEqual({ heartbeatUrl: ["old"] });
  });

  it("is used for the next notification of each kind of receiver, without a reload", async () => {
    await mounted.update(valuesOf("new"));
    await post("After", "firing");
    await until(async () => Object.keys(versionsOf("After")).length === 4, 20);
    expect(versionsOf("After")).toEqual(everywhere("new"));
    expect(loaded).toBeDefined();
    expect(await reloads()).toBe(loaded);
  });

  it("is where the next heartbeat goes", async () => {
    const beats = () =>
      arrivals.filter(({ secret }) => secret === "heartbeatUrl").map(({ version }) => version);
    await until(async () => beats().at(-1) === "new", 20);
  });

  it("repeats no notification of an alert that fires already, not even after the reload that the operator's sidecar asks for", async () => {
    const { status } = await fetch(`${alertmanager.url}/-/reload`, { method: "POST" });
    expect(status).toBe(200);
    expect(await reloads()).not.toBe(loaded);
    // Twice the group interval of two minutes, and long before the repeat interval of four hours, sixty times faster.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(versionsOf("Before")).toEqual(everywhere("old"));
  });

  it("is where the end of an alert goes that was notified with the old one", async () => {
    await post("Before", "resolved");
    const ends = () => arrivals.filter(({ version, text }) => version === "new" && text.includes("Before"));
    await until(async () => ends().length === 4, 20);
    const pager = arrivals.filter(
      ({ secret, text }) => secret === "platformPagerdutyKey" && text.includes("Before"),
    );
    const events = pager.map(({ version, text }) => {
      const { event_action, dedup_key } = JSON.parse(text) as Record<string, string>;
      return { version, event_action, dedup_key };
    });
    const [begin, end] = events;
    expect(begin).toMatchObject({ version: "old", event_action: "trigger" });
    expect(end).toEqual({ version: "new", event_action: "resolve", dedup_key: begin?.dedup_key });
    expect(events).toHaveLength(2);
  });
});

describe("the test alert of docs/how-to/rotate-secrets.md", () => {
  const [, command = ""] = /^ {2}amtool ((?:.*\\\n)*.*)\n/m.exec(howTo("rotate-secrets")) ?? [];

  it("reaches each receiver of the team that it names, with the new value", async () => {
    expect(command).toContain("http://localhost:9093");
    const args = command
      .replaceAll("\\\n", " ")
      .replace("http://localhost:9093", alertmanager.url)
      .replace("team=shop", "team=platform");
    const { code, stderr } = await run("sh", ["-c", `"$0" ${args}`, await tool("amtool")]);
    expect(code, stderr).toBe(0);
    await until(async () => Object.keys(versionsOf("SecretRotated")).length === 4, 20);
    expect(versionsOf("SecretRotated")).toEqual(everywhere("new"));
  });
});
