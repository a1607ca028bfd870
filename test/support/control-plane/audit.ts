import { readFile } from "node:fs/promises";

/** What the API server writes down: who asked for what and was refused or not, of the platform's service accounts only. */
export const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived", "ResponseStarted"],
  rules: [
    {
      level: "Metadata",
      userGroups: ["system:serviceaccounts:monitoring", "system:serviceaccounts:monitoring-node"],
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
  const lines = (await readFile(auditLog, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const refused = lines
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ responseStatus }) => responseStatus?.code === 403)
    .filter(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp) >= since)
    .map(({ verb, requestURI, user }) => {
      const account = user.username.split(":").at(-1);
      return `${account}: ${verb} ${requestURI.split("?")[0]}`;
    });
  return [...new Set(refused)].sort();
}
