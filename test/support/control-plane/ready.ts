import { until } from "../servers.ts";
import type { MonitoringServer } from "./monitoring-server.ts";
import { targetsOf, valuesOf } from "./query.ts";
import type { MonitoringServers } from "./servers.ts";

/**
 * Waits until a fault would be seen at once: every target is up, every objective has its six hours behind it, and each Prometheus knows
 * every Alertmanager. Rejects with what is missing.
 *
 * @param objectives such as `storefront availability`.
 */
export async function untilReady(
  { prometheus, alertmanagers }: MonitoringServers,
  objectives: Iterable<string>,
  patience = 90,
): Promise<void> {
  const wanted = [...objectives];
  let missing: readonly string[] = [];
  await until(async () => {
    missing = (
      await Promise.all(prometheus.map((server) => missingOf(server, wanted, alertmanagers.length)))
    ).flat();
    return missing.length === 0;
  }, patience).catch(() => {
    throw new Error(`alerting does not wake: ${missing.join(", ")}`);
  });
}

async function missingOf(
  server: MonitoringServer,
  objectives: readonly string[],
  alertmanagers: number,
): Promise<readonly string[]> {
  const targets = await targetsOf(server);
  const records = await valuesOf(server, "slo:sli_total:rate6h > 0");
  const recorded = new Set(records.map(({ labels }) => `${labels["service"]} ${labels["slo"]}`));
  const [known] = await valuesOf(
    server,
    'prometheus_notifications_alertmanagers_discovered{job="prometheus"}',
  );
  return [
    ...(targets.length === 0 ? ["any target"] : []),
    ...targets.filter(({ health }) => health !== "up").map(({ scrapePool }) => scrapePool),
    ...objectives.filter((objective) => !recorded.has(objective)).map((each) => `six hours of ${each}`),
    ...((known?.value ?? 0) < alertmanagers ? ["an Alertmanager"] : []),
  ].map((what) => `${server.pod} lacks ${what}`);
}
