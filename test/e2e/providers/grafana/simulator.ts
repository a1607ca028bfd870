import { workspaceTokens } from "../aws/simulator.ts";
import { hex, reveal, type Simulator } from "../simulator.ts";

/** Grafana's first organisation: its id stands before the id of whatever belongs to it. */
const ORGANISATION = "1";

const TOKEN = "grafana:oss/serviceAccountToken:ServiceAccountToken";

/** Stands in for `pulumi-resource-grafana`: a Grafana with one organisation. Amazon's opens to a living token of its own alone. */
export const grafanaSimulator: Simulator = {
  name: "grafana",
  unchangeable: new Set([TOKEN]),
  async admit({ url, auth }, world) {
    if (!String(reveal(url)).endsWith(".amazonaws.com")) return;
    const token = (await workspaceTokens(world)).find(({ key }) => key === reveal(auth));
    if (token === undefined) throw new Error("401 Unauthorized: unknown API key");
    if (token.expiresAt <= `${world.today}T12:00:00Z`)
      throw new Error(`401 Unauthorized: the API key ${token.name} expired at ${token.expiresAt}`);
  },
  async create({ type, inputs }) {
    const uid = uidOf(inputs);
    return {
      id: `${ORGANISATION}:${uid}`,
      computed: {
        uid,
        orgId: ORGANISATION,
        ...(type === TOKEN ? { key: `glsa_${hex(40)}`, hasExpired: false } : {}),
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
