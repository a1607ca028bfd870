import { readFile } from "node:fs/promises";

/** What the API server writes down: who asked for what and was refused or not, of the service accounts of the platform, and of another operator, only. */
export const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived", "ResponseStarted"],
  rules: [
    {
      level: "Metadata",
      userGroups: [
        "system:serviceaccounts:monitoring",
        "system:serviceaccounts:monitoring-node",
        // The platform, in the test of a cluster on which somebody else's operator runs in `monitoring`.
        "system:serviceaccounts:bellwether",
      ],
    },
    { level: "None" },
  ],
} as const;

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly requestReceivedTimestamp: string;
  readonly responseStatus?: { readonly code: number };
}

/**
 * Requests that a service account lacked the permission for, from a moment on (milliseconds since 1970): `prometheus: list
 * /api/v1/pods`. Each once, in order.
 */
export async function refusals(auditLog: string, since = 0): Promise<readonly string[]> {
  const refused = (await eventsIn(auditLog))
    .filter(({ responseStatus }) => responseStatus?.code === 403)
    .filter(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp) >= since)
    .map(({ verb, requestURI, user }) => {
      const account = user.username.split(":").at(-1);
      return `${account}: ${verb} ${requestURI.split("?")[0]}`;
    });
  return [...new Set(refused)].sort();
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];

/** What service accounts wrote and the API server took: `monitoring:prometheus-operator` and the path. */
export async function writes(
  auditLog: string,
): Promise<readonly { readonly account: string; readonly path: string }[]> {
  return (await eventsIn(auditLog))
    .filter(({ verb, responseStatus }) => WRITES.includes(verb) && (responseStatus?.code ?? 0) < 300)
    .map(({ requestURI, user }) => ({
      account: user.username.replace(/^system:serviceaccount:/, ""),
      path: requestURI.split("?")[0] ?? "",
    }));
}

async function eventsIn(auditLog: string): Promise<readonly AuditEvent[]> {
  const lines = (await readFile(auditLog, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as AuditEvent);
}
