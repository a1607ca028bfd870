import type { Connection } from "../verify/connection.ts";

/** An alert that Prometheus has now, as its API gives it. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
  readonly activeAt: string;
}

/** The alerts that are pending or firing now, those that fire first, the oldest first. */
export async function activeAlerts({ ask }: Connection): Promise<readonly ActiveAlert[]> {
  const { alerts } = await ask<{ readonly alerts: readonly ActiveAlert[] }>("alerts");
  return alerts.toSorted(
    (a, b) =>
      Number(b.state === "firing") - Number(a.state === "firing") || (a.activeAt < b.activeAt ? -1 : 1),
  );
}

/** Whether an alert has this name and all of these labels. */
export function isMeant(
  { labels }: ActiveAlert,
  name: string,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return (
    labels["alertname"] === name && Object.entries(wanted).every(([label, value]) => labels[label] === value)
  );
}
