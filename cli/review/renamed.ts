import type { Change } from "./change.ts";
import type { EnvironmentModel } from "./model.ts";

/** A name that something has instead of another one. */
interface Renamed {
  readonly what: "service" | "team";
  readonly before: string;
  readonly after: string;
  /** Whether the service says its former name, so that its rules read the records of both. */
  readonly keepsHistory?: boolean;
}

/** What a rename breaks, and the earlier model as if it had the new names already, so that what else changes is seen. */
export function withNewNames(
  before: EnvironmentModel,
  after: EnvironmentModel,
): { readonly before: EnvironmentModel; readonly changes: readonly Change[] } {
  const renamed = [...renamedTeams(before, after), ...renamedServices(before, after)];
  return { before: renamed.reduce(renameIn, before), changes: renamed.map(renameChange) };
}

function renameChange({ what, before, after, keepsHistory }: Renamed): Change {
  const budget = keepsHistory
    ? "its error budget continues with the records of both names"
    : "its series start anew, so its error budget of this period is lost";
  return what === "service"
    ? {
        kind: "service-renamed",
        about: `The service ${before}`,
        what: `is called ${after} now: ${budget}; its monitors, rules and dashboard are replaced, and links and silences of the old name do not apply`,
        cause: { service: after },
      }
    : {
        kind: "team-renamed",
        about: `The team ${before}`,
        what: `is called ${after} now: silences, inhibitions and queries with team="${before}" do not apply any more`,
        cause: { setting: `alertmanager.teams.${after}` },
      };
}

/** A service that is gone and one that is new are one that is renamed if all of their definition but the name is the same. */
function renamedServices(before: EnvironmentModel, after: EnvironmentModel): readonly Renamed[] {
  return pairs(Object.keys(before.services), Object.keys(after.services), (old, fresh) => {
    const rest = (model: EnvironmentModel, name: string) => {
      const { name: _, ...fields } = model.services[name] ?? {};
      return Object.entries(fields)
        .filter(([path]) => !FORMERLY.test(path))
        .map(([path, value]) => `${path}=${value.replaceAll(name, "*")}`)
        .sort();
    };
    return formerNames(after, fresh).includes(old) ? 1 : similarity(rest(before, old), rest(after, fresh));
  }).map((pair) => ({
    what: "service",
    ...pair,
    keepsHistory: formerNames(after, pair.after).includes(pair.before),
  }));
}

const FORMERLY = /^formerly(?:\[|$)/;

function formerNames({ services }: EnvironmentModel, name: string): readonly string[] {
  return Object.entries(services[name] ?? {})
    .filter(([path]) => FORMERLY.test(path))
    .map(([, value]) => value);
}

/** A team likewise, by its receivers. */
function renamedTeams(before: EnvironmentModel, after: EnvironmentModel): readonly Renamed[] {
  return pairs(teamsOf(before), teamsOf(after), (old, fresh) =>
    similarity(receiversOf(before, old), receiversOf(after, fresh)),
  ).map((pair) => ({ what: "team", ...pair }));
}

const TEAMS = "alertmanager.teams.";

function teamsOf({ settings }: EnvironmentModel): readonly string[] {
  const names = Object.keys(settings)
    .filter((path) => path.startsWith(TEAMS))
    .map((path) => path.slice(TEAMS.length).split(".")[0] ?? "");
  return [...new Set(names)];
}

function receiversOf({ settings }: EnvironmentModel, team: string): readonly string[] {
  const prefix = `${TEAMS}${team}.`;
  return Object.entries(settings)
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, value]) => `${path.slice(prefix.length)}=${value}`);
}

/** Names that are alike enough to be one thing, of those that are gone and those that are new; each in one pair at most. */
function pairs(
  before: readonly string[],
  after: readonly string[],
  alike: (old: string, fresh: string) => number,
): readonly { readonly before: string; readonly after: string }[] {
  const gone = before.filter((name) => !after.includes(name));
  const fresh = new Set(after.filter((name) => !before.includes(name)));
  return gone.flatMap((old) => {
    const [best] = [...fresh]
      .map((name) => [name, alike(old, name)] as const)
      .filter(([, share]) => share >= ENOUGH)
      .sort(([, a], [, b]) => b - a);
    if (best === undefined) return [];
    fresh.delete(best[0]);
    return [{ before: old, after: best[0] }];
  });
}

/** The share of fields that must be the same. */
const ENOUGH = 0.7;

function similarity(left: readonly string[], right: readonly string[]): number {
  const same = left.filter((each) => right.includes(each)).length;
  const all = new Set([...left, ...right]).size;
  return all === 0 ? 0 : same / all;
}

/** A model with a new name in place of an old one; resources and outputs keep theirs, because they are replaced. */
function renameIn(model: EnvironmentModel, renamed: Renamed): EnvironmentModel {
  return renamed.what === "team" ? renameTeam(model, renamed) : renameService(model, renamed);
}

/** A team is often called as a namespace or a receiver is; only where it is named as a team it is replaced. */
function renameTeam(model: EnvironmentModel, { before, after }: Renamed): EnvironmentModel {
  const matcher = new RegExp(`\\b(team|owner)(=~?)"${escapeRegExp(before)}"`, "g");
  const settings = Object.entries(model.settings).map(
    ([path, value]) => [path.replace(`.teams.${before}.`, `.teams.${after}.`), value] as const,
  );
  const services = Object.entries(model.services).map(
    ([name, fields]) => [name, fields["owner"] === before ? { ...fields, owner: after } : fields] as const,
  );
  return {
    ...model,
    settings: Object.fromEntries(settings),
    services: Object.fromEntries(services),
    alerts: model.alerts.map((alert) => ({
      ...alert,
      team: alert.team === before ? after : alert.team,
      expr: alert.expr.replace(matcher, `$1$2"${after}"`),
    })),
  };
}

/** A service is named in queries, texts and the names of dashboards. A namespace may have the same name, and keeps it. */
function renameService(model: EnvironmentModel, { before, after }: Renamed): EnvironmentModel {
  const word = new RegExp(
    `(?<![A-Za-z0-9_]|namespace[^A-Za-z0-9]{1,5})${escapeRegExp(before)}(?![A-Za-z0-9_])`,
    "g",
  );
  const { resources, outputs, policies, settings, ...rest } = model;
  const renamed = JSON.parse(JSON.stringify(rest).replace(word, after)) as typeof rest;
  return { ...renamed, resources, outputs, policies, settings };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
