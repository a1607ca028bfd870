import type { MonitoringServer } from "./monitoring-server.ts";

/** What a Prometheus says of one thing that it scrapes. */
export interface Target {
  readonly scrapePool: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
}

async function ask<T>({ url }: MonitoringServer, path: string): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`);
  const { status, error, data } = (await response.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data: T;
  };
  if (status !== "success") throw new Error(`${path}: ${error}`);
  return data;
}

export async function targetsOf(server: MonitoringServer): Promise<readonly Target[]> {
  return (await ask<{ readonly activeTargets: readonly Target[] }>(server, "targets?state=active"))
    .activeTargets;
}

export async function alertsOf(server: MonitoringServer): Promise<readonly ActiveAlert[]> {
  return (await ask<{ readonly alerts: readonly ActiveAlert[] }>(server, "alerts")).alerts;
}

export async function rulesOf(server: MonitoringServer): Promise<readonly RuleGroup[]> {
  return (await ask<{ readonly groups: readonly RuleGroup[] }>(server, "rules")).groups;
}

/** The values of an instant query, by series. */
export async function valuesOf(
  server: MonitoringServer,
  query: string,
): Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]> {
  const { result } = await ask<{
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value: readonly [number, string];
    }[];
  }>(server, `query?${new URLSearchParams({ query })}`);
  return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}
