import { type Json, textsOf } from "../../core/json.ts";
import { memoizeByObject } from "../../core/memoize.ts";
import { joinPath, type Problem, shown } from "../../core/problems.ts";
import { holdsSecret, isPlainWord, isSecretName } from "../../core/secret-forms.ts";
import { isPrometheusInput, withDataSourceVariable } from "./data-sources.ts";
import { type Input, identityProblems, inputsOf, unwrapped } from "./exported.ts";
import { libraryPanels, withLibraryPanels } from "./library-panels.ts";

/** A dashboard as it is created: that of the export, on the platform's data source. */
export interface TakenDashboard {
  readonly uid: string;
  readonly title: string;
  readonly json: Json;
}

/** A ConfigMap holds a mebibyte with the name of its file. */
const LARGEST = 1_000_000;

/** The dashboard in an export; undefined for one with problems. */
export const takenDashboard: (exported: Json) => TakenDashboard | undefined = memoizeByObject((exported) => {
  const { dashboard, problems } = taken(exported, "");
  return problems.length > 0 ? undefined : dashboard;
});

/** What is wrong with an export; paths start at `path`. */
export function takenProblems(exported: Json, path: string): readonly Problem[] {
  return taken(exported, path).problems;
}

function taken(
  exported: Json,
  path: string,
): { readonly dashboard?: TakenDashboard; readonly problems: readonly Problem[] } {
  const classic = unwrapped(exported, path);
  if (!classic.ok) return { problems: [...classic.problems, ...secretProblems(exported, path)] };
  const { dashboard: raw, at } = classic;
  const inputs = inputsOf(raw, at);
  const whole = withLibraryPanels(raw);
  const problems = [
    ...identityProblems(raw, at),
    ...inputs.flatMap(inputProblems),
    ...libraryPanels(whole["panels"]).map(({ name, way }) => ({
      path: joinPath(at, way),
      found: `the library panel ${shown(name)}, which is not in the file`,
      allowed: "panels that the file contains",
      fix: 'unlink it from its library, or export the dashboard with "Export for sharing externally"',
    })),
    ...secretProblems(exported, path),
    ...sizeProblems(raw, at),
  ];
  if (problems.length > 0) return { problems };
  const { __inputs, __elements, __requires, id, version, iteration, ...json } = withDataSourceVariable(
    whole,
    inputs,
  );
  const { uid, title } = raw as { readonly uid: string; readonly title: string };
  // The next deployment would overwrite changes in Grafana.
  return { dashboard: { uid, title, json: { ...json, editable: false } }, problems };
}

function inputProblems(input: Input): readonly Problem[] {
  const { name, type, pluginId, value, at } = input;
  if (isPrometheusInput(input) || value !== undefined) return [];
  return type === "datasource"
    ? [
        {
          path: at,
          found: `${name}, a data source of type ${pluginId || "unknown"}`,
          allowed:
            "inputs for Prometheus, which is the platform's; for others nothing says which data source it is",
          fix: 'export it without "Export for sharing externally", which keeps the uid of the data source',
        },
      ]
    : [
        {
          path: at,
          found: `${name} without a value`,
          allowed: "inputs with a value",
          fix: `add value, or replace \${${name}} in the file`,
        },
      ];
}

/** A dashboard is written to files, and everyone who can open it reads it. */
function secretProblems(exported: Json, path: string): readonly Problem[] {
  return textsOf(exported).flatMap(([text, way]) =>
    holdsSecret(text) || (isSecretName(String(way.at(-1))) && isPlainWord(text))
      ? [
          {
            path: joinPath(path, way),
            found: "a text in the form of a secret",
            allowed: "no secret: everyone who opens the dashboard can read it",
            fix: "remove it, replace it where it is valid, and keep it in the data source",
          },
        ]
      : [],
  );
}

function sizeProblems(dashboard: Json, path: string): readonly Problem[] {
  const size = Buffer.byteLength(JSON.stringify(dashboard));
  return size <= LARGEST
    ? []
    : [
        {
          path,
          found: `${size} bytes`,
          allowed: `at most ${LARGEST} bytes, because a ConfigMap holds no more than a mebibyte`,
          fix: "split the dashboard",
        },
      ];
}
