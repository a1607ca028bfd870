import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const grafanaSignIn: ResourcePolicy = {
  id: "grafana-sign-in",
  area: "stack",
  scope: "resource",
  title: "Nobody opens Grafana without signing in, and it encrypts its secrets with a key of its own.",
  why: "An anonymous reader sees every team's traffic, an anonymous editor changes it; the default key stands in the manual.",
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
        ...(settings.get("auth.anonymous.enabled") === "true"
          ? ["Grafana lets people in who do not sign in"]
          : []),
        ...(settings.get("users.allow_sign_up") === "true"
          ? ["anybody may give themselves an account of Grafana"]
          : []),
        ...(!settings.has("security.secret_key") ? ["Grafana encrypts with the key of its manual"] : []),
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
