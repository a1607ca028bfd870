import { parseAllDocuments, stringify } from "yaml";
import { type Problem, shown } from "../core/problems.ts";
import type { Validated } from "../core/validation.ts";
import type { Service, ServiceDefinition } from "../service/model.ts";
import { Drafts, type ImportOptions } from "./drafts.ts";
import type { Loss } from "./losses.ts";
import { isOpenSlo, readOpenSlo } from "./openslo.ts";
import { writeOpenSlo } from "./openslo-export.ts";
import { isPrometheusRule, readPrometheusRule } from "./prometheus-rule.ts";
import { isPyrra, readPyrra } from "./pyrra.ts";
import { isSloth, readSloth, writeSloth } from "./sloth.ts";

export type { ImportOptions } from "./drafts.ts";
export type { Loss } from "./losses.ts";

/** The formats that definitions are made from and turned into. */
export const FORMATS = ["sloth", "openslo"] as const;
export type Format = (typeof FORMATS)[number];

/** A file to import. */
export interface SourceFile {
  /** What problems and losses call it. */
  readonly name: string;
  readonly text: string;
}

/** What came of files of another format. */
export interface Imported {
  /** One for each service that kept an objective or an alert. */
  readonly definitions: readonly ServiceDefinition[];
  /** The same as services, checked and complete. */
  readonly services: readonly Service[];
  /** What could not be carried over, in the order of the files. Empty: nothing was lost. */
  readonly losses: readonly Loss[];
}

/**
 * The services of files of Sloth, Pyrra and OpenSLO, and of PrometheusRules. All files are read together: objects of OpenSLO may refer to each other, and
 * several files may add to one service.
 *
 * @returns problems for what is no such file, or lacks what a definition needs; a loss for whatever has no place in one.
 */
export function importServices(
  files: readonly SourceFile[],
  options: ImportOptions = {},
): Validated<Imported> {
  const read = files.map(documentsOf);
  const unread = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (unread.length > 0) return { ok: false, problems: unread };
  const documents = read.flatMap((each) => (each.ok ? each.value : []));
  const foreign = documents.filter(({ document }) => !READABLE.some((reads) => reads(document)));
  if (foreign.length > 0) return { ok: false, problems: foreign.map(foreignProblem) };

  const ofSloth = documents.filter(({ document }) => isSloth(document));
  const ofOpenSlo = documents.filter(({ document }) => isOpenSlo(document));
  const ofPyrra = documents.filter(({ document }) => isPyrra(document));
  const ofOperator = documents.filter(({ document }) => isPrometheusRule(document));
  const drafts = new Drafts(
    ofOpenSlo.length > 0
      ? "OpenSLO"
      : ofPyrra.length > 0
        ? "Pyrra"
        : ofSloth.length > 0
          ? "Sloth"
          : "a PrometheusRule",
  );
  const findings = [
    ...ofSloth.map(({ document, root }) => readSloth(document, root, drafts)),
    ...ofPyrra.map(({ document, root }) => readPyrra(document, root, drafts)),
    readOpenSlo(ofOpenSlo, drafts),
    ...ofOperator.map(({ document, root }) => readPrometheusRule(document, root, drafts)),
  ];
  const problems = findings.flatMap((finding) => (finding.ok ? [] : finding.problems));
  if (problems.length > 0) return { ok: false, problems };
  const services = drafts.services(options);
  if (!services.ok) return services;
  const losses = findings.flatMap((finding) => (finding.ok ? finding.value : []));
  return {
    ok: true,
    value: {
      definitions: services.value.map(({ definition }) => definition),
      services: services.value.map(({ service }) => service),
      losses,
    },
  };
}

/** What tells the formats apart. */
const READABLE = [isSloth, isPyrra, isOpenSlo, isPrometheusRule];

/** A service as the text of a file of another format, with what the format cannot hold. */
export interface ExportedText {
  readonly text: string;
  readonly losses: readonly Loss[];
}

/** A service in another format, as it is in an environment or where it says nothing else. */
export function exportService(service: Service, format: Format, environment?: string): ExportedText {
  const write = { sloth: writeSloth, openslo: writeOpenSlo }[format];
  const { documents, losses } = write(service, environment);
  // A folded query would still be the same query, but nobody could search for it.
  const text = documents.map((document) => stringify(document, { lineWidth: 0 })).join("---\n");
  return { text, losses };
}

interface RootedDocument {
  readonly document: unknown;
  readonly root: string;
}

function rooted(name: string, documents: readonly unknown[]): readonly RootedDocument[] {
  return documents.map((document, index) => ({
    document,
    root: documents.length === 1 ? name : `${name}[${index}]`,
  }));
}

/** The documents of a file, each with the root of its paths: the file's name, with a number where there are several. */
function documentsOf({ name, text }: SourceFile): Validated<readonly RootedDocument[]> {
  const parsed = parseAllDocuments(text, { prettyErrors: true });
  const documents = Array.isArray(parsed) ? parsed : [];
  const problems = documents.flatMap(({ errors }) =>
    errors.map(({ message, linePos }) => ({
      path: linePos ? `${name}:${linePos[0].line}:${linePos[0].col}` : name,
      found: message.split("\n")[0]?.replace(/ at line.*/, "") ?? "",
      allowed: "YAML",
      fix: "correct the syntax",
    })),
  );
  if (problems.length > 0) return { ok: false, problems };
  try {
    const values = documents.map((each): unknown => each.toJS()).filter((value) => value !== null);
    if (values.length === 0) return { ok: false, problems: [emptyProblem(name)] };
    return { ok: true, value: rooted(name, values) };
  } catch (error) {
    // An alias without an anchor, or so many that they would fill the memory.
    const found = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ path: name, found, allowed: "YAML", fix: "write the aliases out" }] };
  }
}

function emptyProblem(name: string): Problem {
  return {
    path: name,
    found: "an empty file",
    allowed:
      "a file of Sloth (prometheus/v1), Pyrra (pyrra.dev/v1alpha1) or OpenSLO (openslo/v1), or a PrometheusRule",
    fix: "check that it is the right file",
  };
}

function foreignProblem({ document, root }: RootedDocument): Problem {
  const { version, apiVersion } = (document ?? {}) as { version?: unknown; apiVersion?: unknown };
  const says = version ?? apiVersion;
  return {
    path: root,
    found: says === undefined ? "neither version nor apiVersion" : shown(says),
    allowed:
      "version: prometheus/v1 (Sloth), apiVersion: openslo/v1 or pyrra.dev/v1alpha1, or kind: PrometheusRule",
    fix:
      says === "sloth.slok.dev/v1"
        ? "rewrite the PrometheusServiceLevel as a file of Sloth: its spec with version, and names in snake_case"
        : "check that it is the right file, and convert older versions first",
  };
}
