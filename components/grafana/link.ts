import { type DashboardRef, dashboardUid, panelId } from "../signals/panels.ts";
import type { LinkJson } from "./json.ts";

/** A link of a dashboard or panel. */
export type Link =
  /** An absolute URL, or a path below Grafana's root that is not a dashboard. */
  | { readonly title: string; readonly url: string }
  /** A dashboard, or one panel of it. `values` sets its variables. Default: the current values. */
  | {
      readonly title: string;
      readonly to: DashboardRef;
      readonly panel?: string;
      readonly values?: Readonly<Record<string, string>>;
    }
  /** A list of all dashboards with a tag. */
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

/** A link as JSON. Links within Grafana keep the time range, and the variables unless they set some. */
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

/** The tag of all dashboards of an environment. */
export function environmentTag(environment: string): string {
  return `environment:${environment}`;
}

/** A link to an alert of Prometheus in Grafana's list of alert rules, with its state and condition. */
export function alertLink(alert: string): Link {
  return { title: `Alert ${alert}`, url: `/alerting/list?search=${encodeURIComponent(`rule:${alert}`)}` };
}
