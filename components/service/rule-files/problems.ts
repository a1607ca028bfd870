import { joinPath, type Problem, shown } from "../../core/problems.ts";
import type { Service } from "../definition.ts";
import { ruleFileGroupName } from "../names.ts";
import { queryProblems, takenName } from "../own-alerts/problems.ts";
import type { TeamRule, TeamRuleGroup } from "./definition.ts";
import { summaryOf } from "./rules.ts";

/** The severities that an alert of a team can have. */
const SEVERITIES = ["critical", "warning", "info"];

/** What is wrong with the rule files of a service beyond their shape; paths start at `path`. */
export function ruleFileProblems(service: Service, path: string): readonly Problem[] {
  const names = new Set<string>();
  return service.rules.flatMap((file, index) => {
    const at = joinPath(path, [index]);
    if (typeof file === "string")
      return [
        {
          path: at,
          found: shown(file),
          allowed: "what the file contains: only defineService reads files",
          fix: "write the map of file and groups",
        },
      ];
    return file.groups.flatMap((group, which) => {
      const place = joinPath(at, ["groups", which]);
      const name = ruleFileGroupName(service, file.file, group.name);
      const isTwice = names.has(name);
      names.add(name);
      return [
        ...(isTwice
          ? [
              {
                path: joinPath(place, ["name"]),
                found: `${shown(group.name)}, which another group of these files has, too`,
                allowed: "a name that differs from the others in a letter or a digit",
                fix: "rename the group, or the file",
              },
            ]
          : []),
        ...group.rules.flatMap((rule, number) =>
          ruleProblems(service, group, rule, joinPath(place, ["rules", number])),
        ),
      ];
    });
  });
}

function ruleProblems(service: Service, group: TeamRuleGroup, rule: TeamRule, path: string): Problem[] {
  const { alert, record } = rule;
  if ((alert === undefined) === (record === undefined))
    return [
      {
        path,
        found: alert === undefined ? "neither alert nor record" : "alert and record",
        allowed: "either alert or record",
        fix: alert === undefined ? "add one of the two" : "remove one of the two",
      },
    ];
  const query = queryProblems(rule, path);
  if (alert === undefined) return [...query, ...recordProblems(rule, path)];
  return [
    ...takenName(alert, joinPath(path, ["alert"])),
    ...(alert in service.alerts
      ? [
          {
            path: joinPath(path, ["alert"]),
            found: `${shown(alert)}, which alerts of the definition has, too`,
            allowed: "a name of its own",
            fix: "keep one of the two",
          },
        ]
      : []),
    ...query,
    ...routingProblems(service, { ...group.labels, ...rule.labels }, path),
    ...(summaryOf(rule.annotations) === undefined
      ? [
          {
            path: joinPath(path, ["annotations", "summary"]),
            found: "nothing",
            allowed: "what is wrong, in one line; a description or a message is taken, too",
            fix: "add the annotation summary",
          },
        ]
      : []),
  ];
}

/** A recorded series is neither pending nor explained. */
function recordProblems(rule: TeamRule, path: string): Problem[] {
  return (["for", "keep_firing_for", "annotations"] as const)
    .filter((field) => rule[field] !== undefined)
    .map((field) => ({
      path: joinPath(path, [field]),
      found: shown(rule[field]),
      allowed: "nothing: a recording rule has none",
      fix: "remove it",
    }));
}

/** Routes go by severity and team; the definition says whose service it is. */
function routingProblems(
  { name, owner }: Service,
  { severity, team, service }: Readonly<Record<string, string>>,
  path: string,
): Problem[] {
  const other = ([label, found, own]: readonly [string, string | undefined, string]) =>
    found === undefined || found === own
      ? []
      : [
          {
            path: joinPath(path, ["labels", label]),
            found: shown(found),
            allowed: `${own}, as the definition says, or nothing: the label is added`,
            fix: "remove the label, or move the rule to the definition that it belongs to",
          },
        ];
  return [
    ...(severity !== undefined && SEVERITIES.includes(severity)
      ? []
      : [
          {
            path: joinPath(path, ["labels", "severity"]),
            found: shown(severity),
            allowed: `one of ${SEVERITIES.join(", ")}: critical pages, warning opens a ticket, info is not notified`,
            fix: severity === undefined ? "add the label severity" : "write the one that is meant",
          },
        ]),
    ...(
      [
        ["team", team, owner],
        ["service", service, name],
      ] as const
    ).flatMap(other),
  ];
}
