import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TEMPLATES_CONFIG_MAP } from "../../../components/alertmanager/configuration.ts";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { rewriteAlertmanager } from "../../support/control-plane/rewriting.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";

/** The Alertmanager that is deployed, with a rendered configuration, and a loopback server in the place of PagerDuty and Slack. */
export interface Paging {
  readonly sink: Sink;
  /** Posts alerts as Prometheus does, firing for an hour, or ended a moment ago. */
  readonly post: (state: "firing" | "resolved", ...alerts: readonly Labels[]) => Promise<void>;
  /** Takes another rendered configuration. */
  readonly reload: (config: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export type Labels = Readonly<Record<string, string>>;

/** What the text of a notification says of a posted alert: a test is a cluster of its own. */
export const summaryOf = ({ alertname = "", cluster = "" }: Labels) => `${alertname} of ${cluster} fails`;

/** Durations of the routing are shorter by the factor: a page's group wait of 15 s is a quarter of a second at 60. */
export async function startPaging(config: string, factor: number): Promise<Paging> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-paging-"));
  const sink = await startSink();
  const files = new Map([
    [
      `configmaps/${TEMPLATES_CONFIG_MAP}/bellwether.tmpl`,
      renderNotificationTemplates({ environment: "prod", externalUrl: false }),
    ],
  ]);
  for (const [, path = ""] of config.matchAll(/\/etc\/alertmanager\/(secrets\/\S+)/g))
    files.set(path, sink.secretValue(path.split("/").at(-1) ?? ""));
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const rewritten = (text: string) =>
    rewriteAlertmanager(text, { mounted: folder, pagerdutyUrl: sink.pagerdutyUrl, factor });
  const alertmanager = await serveAlertmanager(folder, rewritten(config));
  return {
    sink,
    async post(state, ...alerts) {
      const endsAt = new Date(Date.now() + (state === "firing" ? 3_600_000 : 0)).toISOString();
      const body = alerts.map((labels) => ({ labels, annotations: { summary: summaryOf(labels) }, endsAt }));
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    async reload(text) {
      await writeFile(join(folder, "alertmanager.yaml"), rewritten(text));
      const response = await fetch(`${alertmanager.url}/-/reload`, { method: "POST" });
      if (!response.ok) throw new Error(await response.text());
    },
    async stop() {
      await alertmanager.stop();
      await sink.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
