import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { joinPath } from "../../components/core/problems.ts";
import { environmentSchema, type Tier } from "../../stacks/environment.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { defaultsOf, withDefaults } from "../../stacks/tiers.ts";
import { type Finished, run } from "../support/process.ts";
import { disagreeing } from "./disagreements/disagreement.ts";
import { DISAGREEMENTS } from "./disagreements/index.ts";
import {
  changed,
  type Field,
  fieldsOf,
  misspelt,
  outOfRange,
  replacedBy,
  without,
  wrongTypes,
} from "./fields.ts";
import { samples } from "./samples.ts";
import { SURROUNDINGS } from "./store-samples.ts";

// What test/stacks/environment.test.ts and rules.test.ts say of the resolver, once more through the command line: a folder of
// some fifteen hundred stacks, each with one mistake, and one run over all of them.

const TODAY = "2026-11-23";

interface Malformed {
  readonly says: string;
  /** The whole text of the stack's file. */
  readonly text: string;
  /** A path that must be named. */
  readonly path: string;
}

function fileOf(environment: unknown): string {
  return stringify({ config: { "bellwether:environment": environment } }, { aliasDuplicateObjects: false });
}

/** An environment with one field missing, of another type, out of range and misspelt. */
function changesOf(raw: unknown, field: Field): readonly (readonly [how: string, tree: unknown])[] {
  const replaced = (value: unknown) => changed(raw, field.path, replacedBy(value));
  return [
    ["missing", changed(raw, field.path, without)],
    ...wrongTypes(field).map((value) => ["of another type", replaced(value)] as const),
    ...outOfRange(field).map((value) => ["out of range", replaced(value)] as const),
    ...(field.named ? [] : [["misspelt", changed(replaced(field.value), field.path, misspelt)] as const]),
  ];
}

/** Each field of each sample, missing, of another type, out of range and misspelt, where that is a mistake. */
function* fieldMistakes(): Generator<{ says: string; tree: unknown; path: string }> {
  const seen = new Set<string>();
  for (const [sample, raw] of Object.entries(samples())) {
    const complete = withDefaults(defaultsOf(raw["tier"] as Tier, raw), raw);
    const { kind } = (complete as { readonly cluster: { readonly kind: string } }).cluster;
    for (const field of fieldsOf(environmentSchema, complete)) {
      const at = joinPath("environment", field.path);
      const key = `${kind} ${at.replaceAll(/\[\d+\]/g, "[]")}`;
      if (seen.has(key) || at === "environment.name") continue;
      seen.add(key);
      for (const [how, tree] of changesOf(raw, field)) {
        const result = resolveEnvironment(tree, {
          stack: sample,
          today: TODAY,
          ...SURROUNDINGS,
        });
        if (!result.ok && result.problems[0] !== undefined)
          yield { says: `${at} ${how}`, tree, path: result.problems[0].path };
      }
    }
  }
}

const RAW: readonly Malformed[] = [
  { says: "an empty file", text: "", path: "" },
  { says: "a list", text: "- a\n- b\n", path: "" },
  { says: "a word", text: "prod\n", path: "" },
  { says: "no YAML", text: "config: [\n", path: "" },
  {
    says: "a key twice",
    text: "config:\n  bellwether:environment:\n    name: a\n    name: b\n",
    path: "name",
  },
  { says: "no config", text: "other: 1\n", path: "config" },
  { says: "no environment", text: "config:\n  other:key: 1\n", path: "bellwether:environment" },
  { says: "a huge file", text: `config:\n  a:b: "${"x".repeat(3_000_000)}"\n`, path: "" },
  {
    says: "a bare version",
    text: fileOf(samples()["prod"]).replace('version: "1.35"', "version: 1.30"),
    path: "environment.cluster.version",
  },
];

const malformed: readonly Malformed[] = [
  ...RAW,
  ...[...fieldMistakes()].map(({ says, tree, path }) => ({ says, text: fileOf(tree), path })),
  ...DISAGREEMENTS.map((one) => ({
    says: one.says,
    text: fileOf(disagreeing(one)),
    path: one.at,
  })),
];

const stackName = (index: number) => `bad-${index}`;

let folder: string;
let finished: Finished;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-malformed-"));
  for (const part of ["stacks", "out"]) mkdirSync(join(folder, part));
  for (const [index, { text }] of malformed.entries()) {
    const stack = stackName(index);
    // The name is the stack's, so that it is not one more mistake.
    const renamed = text.replace(
      /^( {4}name: )(prod|dev|staging|local|everything|elsewhere)$/m,
      `$1${stack}`,
    );
    writeFileSync(join(folder, "stacks", `Pulumi.${stack}.yaml`), renamed);
    mkdirSync(join(folder, "out", stack));
    writeFileSync(join(folder, "out", stack, "graph.json"), "an old preview");
  }
  finished = await run(process.execPath, [
    "cli/bellwether.js",
    "preview",
    "--today",
    TODAY,
    "--stacks",
    join(folder, "stacks"),
    "--out",
    join(folder, "out"),
  ]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the command line says of each stack: the text from its file's name to the next one's. */
function said(): ReadonlyMap<string, string> {
  const parts = finished.stdout.split(/^(?=\S*Pulumi\.bad-\d+\.yaml)/m);
  return new Map(parts.map((part) => [/Pulumi\.(bad-\d+)\.yaml/.exec(part)?.[1] ?? "", part]));
}

describe(`${malformed.length} malformed environments`, () => {
  it("are more than a thousand", () => {
    expect(malformed.length).toBeGreaterThan(1000);
  });

  it("end the preview with 2 and no stack trace", () => {
    expect(finished.code).toBe(2);
    expect(finished.stdout + finished.stderr).not.toMatch(/^\s+at \S+ ?\(?.*:\d+:\d+\)?$/m);
  });

  it("are each told by the path of the mistake, what is allowed and a fix", () => {
    const parts = said();
    const untold = malformed.filter(({ path }, index) => {
      const part = parts.get(stackName(index));
      return !(part?.includes(path) && part.includes("allowed  ") && part.includes("fix      "));
    });
    expect(untold.map(({ says, path }) => `${says}: ${path}`)).toEqual([]);
  });

  it("leave no file of theirs in out/", () => {
    expect(malformed.filter((_, index) => existsSync(join(folder, "out", stackName(index))))).toEqual([]);
  });

  it("shows a version that lacks its quotes as it is written", () => {
    const index = malformed.findIndex(({ says }) => says === "a bare version");
    expect(said().get(stackName(index))).toMatch(/1\.30[\s\S]*quotes/);
  });
});
