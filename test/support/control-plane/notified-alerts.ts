import type { Notification } from "./sink.ts";

// What people hear of one alert, where a notification tells of all that its group holds.

/** An alert as a notification tells of it. */
export interface NotifiedAlert {
  /** `alertname=CoreDNSDown cluster=prod …` */
  readonly labels: string;
  readonly text: string;
  readonly over: boolean;
}

const LABELS = /^Labels:(?<mail>.*)$|(?<chat>(?:`[^`]+=[^`]*` ?)+)$/m;
const OVER = /^(?:Resolved: |:white_check_mark: )/;

/** How many alerts a text of ours does not show. */
const hiddenIn = (message: string) => Number(/^(\d+) more alerts are not shown/m.exec(message)?.[1] ?? 0);

/** The alerts that a text of ours shows, for PagerDuty or for Slack. Each ends with its labels. */
export function alertsIn(message: string): readonly NotifiedAlert[] {
  const alerts: NotifiedAlert[] = [];
  let text = "";
  for (const paragraph of message.split(/\n{2,}/)) {
    text += paragraph;
    const found = LABELS.exec(paragraph)?.groups;
    if (found === undefined) continue;
    const labels = (found["mail"] ?? found["chat"]?.replaceAll("`", "") ?? "").trim();
    alerts.push({ labels, text, over: OVER.test(text.trim()) });
    text = "";
  }
  return alerts;
}

/**
 * Those of some notifications that open an incident at PagerDuty: that its group fires is told while none is open. One that is told
 * twice, as two members of a cluster do that cannot hear each other in time, wakes nobody again.
 */
export function incidentsIn(notifications: readonly Notification[]): readonly Notification[] {
  const open = new Set<string>();
  return notifications.filter(({ group, state }) => {
    const opens = state === "firing" && !open.has(group);
    if (state === "firing") open.add(group);
    else open.delete(group);
    return opens;
  });
}

/** An alert by its name and by words of its text or labels. */
export interface Subject {
  readonly alert: string;
  readonly about?: string;
}

/**
 * The notifications that are news of an alert: that it fires, or that it is over. One that comes since another alert of the same group
 * began or ended is news of that one alone. One that says nothing new at all is a duplicate, and counts.
 */
export function newsOf(
  notifications: readonly Notification[],
  { alert, about }: Subject,
  state: Notification["state"],
): readonly Notification[] {
  const last = new Map<string, ReadonlyMap<string, boolean>>();
  const lastHidden = new Map<string, number>();
  return notifications.filter((notification) => {
    const told = alertsIn(notification.text);
    const before = last.get(notification.group);
    const now = new Map(told.map(({ labels, over }) => [labels, over]));
    last.set(notification.group, now);
    const hidden = hiddenIn(notification.text);
    const isSame = lastHidden.get(notification.group) === hidden;
    lastHidden.set(notification.group, hidden);
    const repeats =
      isSame && before?.size === now.size && [...now].every(([labels, over]) => before.get(labels) === over);
    return told.some(({ labels, text, over }) => {
      if (!labels.split(" ").includes(`alertname=${alert}`)) return false;
      if (about !== undefined && !text.includes(about)) return false;
      if (over !== (state === "resolved")) return false;
      // That something is over is said again for a quarter of an hour, beside what else is told.
      return repeats || (over ? before?.get(labels) === false : before?.get(labels) !== false);
    });
  });
}
