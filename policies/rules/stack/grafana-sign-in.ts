import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const grafanaSignIn: ResourcePolicy = {
  id: "grafana-sign-in",
  area: "stack",
  pack: "security",
  standards: ["NIST AC-14", "NIST IA-2"],
  scope: "resource",
  title: "Grafana requires a login and encrypts its secrets with its own key.",
  why: "Anonymous viewers see the metrics of every team, and anonymous editors can change dashboards. The default key is published in Grafana's documentation.",
  fix: "leave auth.anonymous and users.allow_sign_up false, and set security.secret_key to $__file{…} of a mounted Secret",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.configMap],
  check: ({ properties }) =>
    judge(() => {
      const text = properties
        .at("data")
        .fields()
        .find(([name]) => name === "grafana.ini")?.[1]
        .text();
      if (text === undefined) return undefined;
      const settings = iniSettings(text);
      return [
        ...(settings.get("auth.anonymous.enabled") === "true" ? ["Grafana allows anonymous access"] : []),
        ...(settings.get("users.allow_sign_up") === "true" ? ["Grafana allows everyone to sign up"] : []),
        ...(!settings.has("security.secret_key")
          ? ["Grafana encrypts its secrets with the published default key"]
          : []),
      ];
    }),
};

/** The settings of a grafana.ini as `section.key`. */
function iniSettings(text: string): ReadonlyMap<string, string> {
  let section = "";
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const heading = /^\s*\[(.+)\]\s*$/.exec(line);
      if (heading !== null) section = heading[1] ?? "";
      const setting = /^\s*([a-z0-9_]+)\s*=\s*(.*?)\s*$/i.exec(line);
      return setting === null ? [] : [[`${section}.${setting[1]}`, setting[2] ?? ""]];
    }),
  );
}
