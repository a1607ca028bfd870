import { resolve } from "node:path";
import type { Problem } from "../../components/core/problems.ts";
import { ENVIRONMENT, OF_FILES, OUT, STACKS } from "../command-line/flags.ts";
import { printOutcome } from "../command-line/outcome.ts";
import { type Flags, subcommand } from "../command-line/subcommand.ts";

/** Flags that only mean something for files. */
const FOR_FILES = {
  ...OF_FILES,
  "scrape-interval": {
    type: "text",
    value: "<duration>",
    summary: "how often Prometheus scrapes, for files; default: 30s",
  },
  runbooks: {
    type: "text",
    value: "<URL>",
    summary: "the URL that the runbooks are below, for files; default: those of Bellwether",
  },
} as const satisfies Flags;

export const rules = subcommand({
  name: "rules",
  summary: "print Prometheus' recording and alert rules of objectives",
  description:
    "Prints the rules of the objectives in files of Sloth, Pyrra or OpenSLO, or, in the platform's repository, of the services in an environment.",
  arguments: [{ name: "file", summary: "files of Sloth, Pyrra or OpenSLO", count: "any" }],
  flags: {
    environment: {
      ...ENVIRONMENT,
      summary: "print the rules of this repository's services in this environment, in place of files",
      where: "repository",
    },
    stacks: { ...STACKS, of: { flags: ["environment"] } },
    out: { ...OUT, summary: "write a file for each objective to this folder; default: print all of them" },
    ...FOR_FILES,
  },
  examples: [
    {
      line: "rules slos/*.yaml --scrape-interval 15s > rules.yaml",
      summary: "Writes the rules of all files to one file.",
    },
    { line: "rules slos/*.yaml --out rules", summary: "Writes a file for each objective." },
    {
      line: "rules --environment prod",
      summary: "Prints the rules of this repository's services as prod gets them.",
      where: "repository",
    },
  ],
  exits: { 0: "every objective has its rules", 1: "a part of a file has no counterpart; each is listed" },
  check: (files, { environment, ...flags }) =>
    environment === undefined ? withoutFiles(files) : filesBesideEnvironment(files, flags),
  run: {
    repository: async (files, { environment, stacks, ...flags }, surroundings) => {
      if (environment === undefined) {
        const { rulesOfFiles } = await import("../rules.ts");
        return printOutcome(rulesOfFiles(files, flags), surroundings);
      }
      const { rulesOfEnvironment } = await import("../repository/rules.ts");
      const folder = stacks === undefined ? undefined : resolve(surroundings.folder, stacks);
      return printOutcome(await rulesOfEnvironment(environment, folder, flags.out), surroundings);
    },
    package: async (files, { environment: _, stacks: __, ...flags }, surroundings) => {
      const { rulesOfFiles } = await import("../rules.ts");
      return printOutcome(rulesOfFiles(files, flags), surroundings);
    },
  },
});

function withoutFiles(files: readonly string[]): readonly Problem[] {
  if (files.length > 0) return [];
  return [{ path: "<file>", found: "no file", allowed: "one file or more", fix: "name the files" }];
}

function filesBesideEnvironment(
  files: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const both = files.map((file) => ({
    path: "<file>",
    found: `${JSON.stringify(file)} and --environment`,
    allowed: "files or --environment, not both",
    fix: "remove one of the two",
  }));
  const given = Object.keys(FOR_FILES).filter((name) => flags[name] !== undefined);
  return [
    ...both,
    ...given.map((name) => ({
      path: `--${name}`,
      found: "the flag together with --environment",
      allowed: `--${name} with files: an environment has its own setting`,
      fix: `remove --${name}`,
    })),
  ];
}
