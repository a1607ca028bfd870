import { hex, reveal, type Simulator } from "../simulator.ts";

/** Grafana's first organisation: its id stands before the id of whatever belongs to it. */
const ORGANISATION = "1";

/** Stands in for `pulumi-resource-grafana`: a Grafana with one organisation. */
export const grafanaSimulator: Simulator = {
  name: "grafana",
  async create({ type, inputs }) {
    const uid = uidOf(inputs);
    return {
      id: `${ORGANISATION}:${uid}`,
      computed: {
        uid,
        orgId: ORGANISATION,
        ...(type === "grafana:oss/dashboard:Dashboard"
          ? { dashboardId: 1, version: 1, url: `https://grafana.example.com/d/${uid}` }
          : { url: inputs["url"] ?? `https://grafana.example.com/dashboards/f/${uid}` }),
      },
    };
  },
};

/** A dashboard's uid stands in its JSON; elsewhere it is a property; else Grafana makes one up. */
function uidOf(inputs: Readonly<Record<string, unknown>>): string {
  const uid = reveal(inputs["uid"]);
  if (typeof uid === "string") return uid;
  const json = reveal(inputs["configJson"]);
  if (typeof json !== "string") return hex(14);
  const dashboard = JSON.parse(json) as { readonly uid?: string };
  return dashboard.uid ?? hex(14);
}
