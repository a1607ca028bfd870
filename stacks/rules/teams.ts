import { podCredentials } from "../../components/cluster/model.ts";
import { type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { alertingProblems, alertingReceivers, grafanaTeams } from "../../components/grafana/model.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const ownerIsATeam: EnvironmentRule = {
  id: "owner-is-a-team",
  reads: ["owner", "alertmanager"],
  check: ({ owner, alertmanager }) => unknownTeam(`${ROOT}.owner`, owner, Object.keys(alertmanager.teams)),
};

const grafanaTeamsAreTeams: EnvironmentRule = {
  id: "grafana-teams-are-teams",
  reads: ["grafana", "alertmanager"],
  check: ({ grafana, alertmanager }) =>
    Object.keys(grafanaTeams(grafana)).flatMap((team) =>
      unknownTeam(`${ROOT}.grafana.teams.${team}`, team, Object.keys(alertmanager.teams)),
    ),
};

const openersAreTeams: EnvironmentRule = {
  id: "error-budget-is-opened-by-teams",
  reads: ["errorBudget", "alertmanager"],
  check: ({ errorBudget, alertmanager }) =>
    (errorBudget?.openedBy ?? []).flatMap((team, index) =>
      unknownTeam(`${ROOT}.errorBudget.openedBy[${index}]`, team, Object.keys(alertmanager.teams)),
    ),
};

const grafanaAlertsHaveReceivers: EnvironmentRule = {
  id: "grafana-alerts-have-receivers",
  reads: ["owner", "cluster", "grafana", "alertmanager"],
  check: ({ owner, cluster, grafana, alertmanager }) =>
    "alerting" in grafana
      ? alertingProblems(grafana, alertingReceivers(alertmanager, owner), {
          onEks: podCredentials(cluster) !== undefined,
          hasPodIdentity: podCredentials(cluster)?.kind === "pod-identity",
          owner,
          path: `${ROOT}.grafana`,
        })
      : [],
};

function unknownTeam(path: string, team: string, teams: readonly string[]): Problem[] {
  if (teams.includes(team)) return [];
  const near = nearest(team, teams);
  return [
    {
      path,
      found: shown(team),
      allowed: `a team of alertmanager.teams: ${teams.join(", ") || "there is none"}`,
      fix: near === undefined ? `add ${team} to alertmanager.teams, with its receivers` : `write ${near}`,
    },
  ];
}

/** The rules on the teams that an environment names. */
export const TEAM_RULES: readonly EnvironmentRule[] = [
  ownerIsATeam,
  grafanaTeamsAreTeams,
  openersAreTeams,
  grafanaAlertsHaveReceivers,
];
