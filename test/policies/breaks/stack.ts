import { GRAFANA_INI } from "../compliant-stack/grafana.ts";
import { compliantStack } from "../compliant-stack/index.ts";
import { type Break, set } from "./break.ts";

function grafanaIni(when: string, from: string, to: string, says: string): Break {
  if (!GRAFANA_INI.includes(from)) throw new Error(`grafana.ini has no ${from}`);
  return set(
    "grafana-sign-in",
    when,
    "settings",
    ["data", "grafana.ini"],
    GRAFANA_INI.replace(from, () => to),
    says,
  );
}

function unprotected(name: string, says: string): Break {
  const stack = compliantStack();
  const resource = stack[name];
  if (resource === undefined) throw new Error(`the fixture has no ${name}`);
  return {
    policy: "protected-data",
    when: `${name} is not protected`,
    stack: { ...stack, [name]: { ...resource, protect: false } },
    at: name,
    says,
  };
}

/** What breaks the policies of the stack and of Grafana. */
export const STACK_BREAKS: readonly Break[] = [
  unprotected("prometheus", "the resource contains data and is not protected from deletion"),
  unprotected("key", "the resource contains data and is not protected from deletion"),
  unprotected("namespace", "the namespace contains data and is not protected from deletion"),
  unprotected("workspace", "the resource contains data and is not protected from deletion"),
  set(
    "grafana-tokens",
    "a token is never replaced",
    "token",
    ["name"],
    "terraform",
    "the token's name contains no date, so it is never rotated",
  ),
  set(
    "grafana-tokens",
    "a token's turn is over",
    "token",
    ["name"],
    "bellwether-1-2026-11-13",
    "the token had to be rotated on day 10 after 2026-11-13",
  ),
  set(
    "grafana-tokens",
    "a token is of another day",
    "token",
    ["name"],
    "bellwether-1-2026-12-13",
    "the token is not the next one of the rotation: its name has another date",
  ),
  set(
    "grafana-tokens",
    "a token dies before its turn is over",
    "token",
    ["secondsToLive"],
    86_400,
    "for 1 days",
  ),
  set(
    "grafana-workspace",
    "AWS manages its permissions",
    "workspace",
    ["permissionType"],
    "SERVICE_MANAGED",
    "because permissionType is not CUSTOMER_MANAGED",
  ),
  set(
    "grafana-workspace",
    "it reads the whole organisation",
    "workspace",
    ["accountAccessType"],
    "ORGANIZATION",
    "other accounts",
  ),
  set(
    "grafana-workspace",
    "AWS chooses the version",
    "workspace",
    ["grafanaVersion"],
    undefined,
    "no version",
  ),
  grafanaIni(
    "people need not sign in",
    "[auth.anonymous]\nenabled = false",
    "[auth.anonymous]\nenabled = true",
    "Grafana allows anonymous access",
  ),
  grafanaIni(
    "people invite themselves",
    "allow_sign_up = false",
    "allow_sign_up = true",
    "Grafana allows everyone to sign up",
  ),
  grafanaIni(
    "it encrypts with the manual's key",
    "secret_key = $__file{/etc/secrets/key}\n",
    "",
    "Grafana encrypts its secrets with the published default key",
  ),
  set(
    "no-default-namespace",
    "no namespace is named",
    "settings",
    ["metadata", "namespace"],
    undefined,
    "namespace default",
  ),
  set(
    "recommended-labels",
    "a label is missing",
    "settings",
    ["metadata", "labels", "app.kubernetes.io/part-of"],
    undefined,
    "app.kubernetes.io/part-of",
  ),
];
