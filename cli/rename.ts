import { readFileSync, writeFileSync } from "node:fs";
import { shownPath } from "../components/core/call-site.ts";
import { textsOf } from "../components/core/json.ts";
import { InvalidInputError, joinPath, type Problem, shown } from "../components/core/problems.ts";
import {
  checkedService,
  duplicateServices,
  formerNamesTaken,
  placeOf,
  placeOfName,
  runsIn,
  type Service,
  slosOf,
} from "../components/service/model.ts";
import { dashboardUid } from "../components/signals/panels.ts";
import { periodText } from "../components/slo/model.ts";

/** A service that gets another name. */
export interface Renaming {
  readonly service: Service;
  readonly to: string;
  /** The other services of the program. */
  readonly others: readonly Service[];
  /** The names of the environments that there are. */
  readonly environments: readonly string[];
  /** What else is wrong with the service under its new name. Default: nothing. */
  readonly problemsThere?: (renamed: Service) => readonly Problem[];
}

/**
 * Renames a service in its definition, and says what becomes of everything else. Throws an InvalidInputError that lists every mistake, and
 * then changes nothing.
 */
export function renameIn({ service, to, others, environments, problemsThere }: Renaming): string {
  const { name } = service;
  const formerly = [name, ...service.formerly.filter((former) => former !== to)];
  const renamed: Service = { ...service, name: to, formerly };
  const checked = checkedService(renamed);
  const edit = edited(service, renamed);
  const problems = [
    ...(name === to
      ? [{ path: "new name", found: shown(to), allowed: "another name", fix: "write the new name" }]
      : []),
    ...(checked.ok ? [] : checked.problems),
    ...duplicateServices([...others, renamed], "services"),
    ...formerNamesTaken([...others, renamed], "services"),
    ...(problemsThere?.(renamed) ?? []),
    ...("problem" in edit ? [edit.problem] : []),
  ];
  if (problems.length > 0 || "problem" in edit) throw new InvalidInputError("rename", problems);
  writeFileSync(edit.file, edit.text);
  return consequences(service, renamed, edit.file, environments);
}

type Edit = { readonly file: string; readonly text: string } | { readonly problem: Problem };

/** The file of a definition with the new name. Only a name that is written out in the call of defineService can be changed. */
function edited(service: Service, { name, formerly }: Service): Edit {
  const place = placeOf(service) ?? placeOfName(service.name);
  const byHand = (found: string): Edit => ({
    problem: {
      path: joinPath("services", [service.name, "name"]),
      found,
      allowed: `a definition with name: ${shown(service.name)} in the call of defineService`,
      fix: `write name: ${shown(name)} and formerly: ${JSON.stringify(formerly)} there`,
    },
  });
  if (place === undefined) return byHand("a definition whose file is not known");
  const text = readFileSync(place.file, "utf8");
  const start = text
    .split("\n")
    .slice(0, place.line - 1)
    .join("\n").length;
  const end = text.indexOf("defineService(", text.indexOf("defineService(", start) + 1);
  const body = text.slice(start, end < 0 ? undefined : end);
  const field = new RegExp(`^([ \\t]*)name: (["'\`])${service.name}\\2,?[ \\t]*$`, "m").exec(body);
  if (field === null) return byHand(`no such line after ${shownPath(place.file)}:${place.line}`);
  const [line, indent = "", quote] = field;
  const before = `formerly: [${formerly.map((each) => `${quote}${each}${quote}`).join(", ")}],`;
  const withName = body.replace(line, () => `${indent}name: ${quote}${name}${quote},\n${indent}${before}`);
  const once =
    service.formerly.length === 0
      ? withName
      : withName.replace(/\n[ \t]*formerly: \[[^\]]*\],?(?=\n)/g, (found, at: number) =>
          at === withName.search(/\n[ \t]*formerly: \[/) ? found : "",
        );
  return { file: place.file, text: text.slice(0, start) + once + (end < 0 ? "" : text.slice(end)) };
}

function consequences(old: Service, renamed: Service, file: string, environments: readonly string[]): string {
  const { name } = renamed;
  const periods = [...new Set(environments.flatMap((each) => slosOf(old, each).map(({ period }) => period)))];
  const named = textsOf({ ...renamed, name: "", formerly: [] })
    .filter(([text]) => new RegExp(`(?<![\\w-])${old.name}(?![\\w-])`).test(text))
    .map(([text, way]) => `${joinPath("", way)}: ${shown(text)}`);
  const where = environments.filter((each) => runsIn(old, each));
  const links = where.map(
    (each) =>
      `${each}: /d/${dashboardUid({ service: old.name }, each)} becomes /d/${dashboardUid({ service: name }, each)}`,
  );
  return `${[
    `${old.name} is called ${name} in ${shownPath(file)}.`,
    section("Kept", [
      "Error budgets and burn rates: the rules read the records of both names.",
      `Remove formerly when no period reaches back to the rename: after ${periods.map(periodText).join(" and ") || "30d"}.`,
      `No other service can have the name ${old.name} until then.`,
      "The dashboards that the definition takes from files: their uids.",
    ]),
    section("What pulumi up does", [
      `creates the monitor, the rules and the dashboard as service-${name}, then deletes service-${old.name}. None of them holds data`,
      "changes nothing else: the Prometheus with the samples, volumes and routes stay. No alias is needed",
    ]),
    section("Change elsewhere, within ten minutes of pulumi up", [
      `the label app.kubernetes.io/name of the Kubernetes Service: ${name}. Without it SLOSignalAbsent fires`,
    ]),
    ...(named.length > 0
      ? [
          section(
            `Look at what names ${old.name}: its new series have job="${name}" and service="${name}"`,
            named,
          ),
        ]
      : []),
    section("What people see", [
      ...links,
      `silences with service="${old.name}" match no alert: amtool silence query service=${old.name}`,
      `an alert that fires is resolved, and fires again as service="${name}"`,
      `charts of the new dashboard begin at the rename; the records before it are those of service="${old.name}"`,
    ]),
  ].join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
