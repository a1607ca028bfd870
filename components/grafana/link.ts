import { type DashboardRef, dashboardUid, panelId } from "../signals/panels.ts";
import type { LinkJson } from "./json.ts";

/** Where a reader goes next. */
export type Link =
  /** Outside Grafana, or a page of it that is no dashboard: an absolute URL or a path below Grafana's root. */
  | { readonly title: string; readonly url: string }
  /** Another dashboard, or one panel of it; `values` sets variables there, else they are taken along. */
  | {
      readonly title: string;
      readonly to: DashboardRef;
      readonly panel?: string;
      readonly values?: Readonly<Record<string, string>>;
    }
  /** All dashboards with a tag, as a list to choose from. */
  | { readonly title: string; readonly tag: string };

/** The path of a dashboard below Grafana's root. */
export function pathOf(link: Extract<Link, { readonly to: DashboardRef }>, environment: string): string {
  const { to, panel, values = {} } = link;
  const query = [
    ...Object.entries(values).map(([name, value]) => `var-${name}=${value}`),
    ...(panel === undefined ? [] : [`viewPanel=${panelId(panel)}`]),
  ];
  return `/d/${dashboardUid(to, environment)}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** A link; one that stays within Grafana takes the time range along, and the variables unless it sets some itself. */
export function linkJson(
  link: Link,
  environment: string,
  { newTab }: { readonly newTab: boolean },
): LinkJson {
  const { title } = link;
  const common = { title, tooltip: title, tags: [], asDropdown: false } as const;
  if ("tag" in link)
    return {
      ...common,
      type: "dashboards",
      tags: [link.tag, environmentTag(environment)],
      asDropdown: true,
      url: "",
      icon: "dashboard",
      targetBlank: false,
      includeVars: true,
      keepTime: true,
    };
  const url = "to" in link ? pathOf(link, environment) : link.url;
  const inside = url.startsWith("/");
  return {
    ...common,
    type: "link",
    url,
    icon: inside ? "dashboard" : "external link",
    targetBlank: newTab && !inside,
    includeVars: inside && !("to" in link && link.values !== undefined),
    keepTime: inside,
  };
}

/** The tag of everything that belongs to an environment. */
export function environmentTag(environment: string): string {
  return `environment:${environment}`;
}

/** Where Grafana lists one of Prometheus' own alerts, with its state and its condition. */
export function alertLink(alert: string): Link {
  return { title: `Alert ${alert}`, url: `/alerting/list?search=${encodeURIComponent(`rule:${alert}`)}` };
}
