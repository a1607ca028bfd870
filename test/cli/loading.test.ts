import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { installedClone } from "../docs/clone.ts";
import { bellwetherIn, STACK_TRACE } from "./command-line.ts";
import { TODAY } from "./sample.ts";

// Mistakes in what users write beside the stacks: the services of teams, and the waivers. Each in a copy of the repository.

const SHOP = "stacks/services/shop.ts";
const LISTING = "stacks/services/index.ts";
const WAIVERS = "stacks/waivers.yaml";

const clone = installedClone();
const originals = new Map<string, string>();

beforeAll(() => {
  for (const file of [SHOP, LISTING, WAIVERS])
    originals.set(file, readFileSync(join(clone.folder, file), "utf8"));
});
afterEach(() => {
  for (const [file, text] of originals) writeFileSync(join(clone.folder, file), text);
});
afterAll(clone.remove);

function change(file: string, from: string | RegExp, to: string): void {
  const text = originals.get(file) ?? "";
  expect(text).toMatch(from);
  writeFileSync(join(clone.folder, file), text.replace(from, to));
}

/** The line and the column of a text in a file as it is now, both from 1. */
function placeOf(file: string, text: string, part = text): string {
  const lines = readFileSync(join(clone.folder, file), "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(text));
  return `${file}:${index + 1}:${(lines[index] ?? "").indexOf(part) + 1}`;
}

interface Mistake {
  readonly says: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  /** The place that the message names: a text of the changed file, or a part of it. */
  readonly at: readonly [text: string, part?: string];
  readonly found: string;
}

const MISTAKES: readonly Mistake[] = [
  {
    says: "a comma that is missing in a service's file",
    file: SHOP,
    from: 'tier: "critical",\n  description: "The web',
    to: 'tier: "critical"\n  description: "The web',
    at: ['description: "The web'],
    found: 'Expected "}" but found "description"',
  },
  {
    says: "a value that does not exist in a service's file",
    file: SHOP,
    from: 'tier: "best-effort"',
    to: "tier: BEST_EFFORT",
    at: ["BEST_EFFORT"],
    found: "ReferenceError: BEST_EFFORT is not defined",
  },
  {
    says: "a service that is listed and not defined",
    file: LISTING,
    from: "import { helpPages, invoices,",
    to: "import { helpPages, invoice,",
    at: ["invoice,"],
    found: "does not provide an export named 'invoice'",
  },
  {
    says: "a file that does not exist in the list of services",
    file: LISTING,
    from: "./shop.ts",
    to: "./shopp.ts",
    at: ["./shopp.ts", "shopp.ts"],
    found: "an import of stacks/services/shopp.ts, which does not exist",
  },
  {
    says: "a definition with a wrong value",
    file: SHOP,
    from: 'tier: "best-effort"',
    to: 'tier: "best-efort"',
    at: ["salesReport = defineService", "defineService"],
    found: '"best-efort"',
  },
  {
    says: "an environment that does not exist in a definition",
    file: SHOP,
    from: "environments: { dev: { objectives",
    to: "environments: { deev: { objectives",
    at: ["storefront = defineService", "defineService"],
    found: 'an environment that does not exist, "deev"',
  },
  {
    says: "a waiver that is no YAML",
    file: WAIVERS,
    from: "\nwaivers: []",
    to: "\nwaivers: }",
    at: ["waivers: }", "}"],
    found: "YAML that cannot be read",
  },
];

describe("a mistake in a file of the user's", () => {
  it.each(MISTAKES.map((mistake) => [mistake.says, mistake] as const))(
    "names file, line and column for %s, and removes the old preview",
    (_, { file, from, to, at, found }) => {
      change(file, from, to);
      const out = join(clone.folder, "out");
      mkdirSync(join(out, "prod/old"), { recursive: true });
      writeFileSync(join(out, "prod/graph.json"), "");
      const { code, error, out: told } = bellwetherIn(clone.folder, "preview", "prod", "--today", TODAY);
      const all = error + told;
      expect(code, all).toBe(2);
      expect(all).toContain(placeOf(file, ...at));
      expect(all).toContain(found);
      expect(all).toMatch(/^ {4}fix {6}\S/m);
      expect(all).not.toMatch(STACK_TRACE);
      expect(readdirSync(out)).toEqual([]);
    },
  );

  it.each([
    ["\nwaivers: []", "\nwaivers:\n  - policy: no-such", "waivers[0].resource"],
    ["\nsnoozes: []", "\nsnoozes:\n  - check: no-such", "snoozes[0].rule"],
  ])(
    "in place of %j in the waivers removes the previews that were asked for, and no others",
    (from, to, said) => {
      change(WAIVERS, from, to);
      const out = join(clone.folder, "out");
      for (const environment of ["dev", "prod"]) mkdirSync(join(out, environment), { recursive: true });
      const { code, error } = bellwetherIn(clone.folder, "preview", "prod", "--today", TODAY);
      expect(code, error).toBe(2);
      expect(error).toContain(`${WAIVERS}: `);
      expect(error).toContain(said);
      expect(error).not.toMatch(STACK_TRACE);
      expect(readdirSync(out)).toEqual(["dev"]);
      expect(bellwetherIn(clone.folder, "preview", "--today", TODAY).code).toBe(2);
      expect(readdirSync(out)).toEqual([]);
    },
  );

  it.each([
    [["explain", "storefront"]],
    [["export", "storefront", "--format", "sloth"]],
    [["rules", "--environment", "prod"]],
  ])("is one message for %j too", (args) => {
    change(SHOP, 'tier: "best-effort"', 'tier: "best-efort"');
    const { code, error, out } = bellwetherIn(clone.folder, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/^defineService in stacks\/services\/shop\.ts:\d+:\d+: 1 problem\n/);
    expect(error.trimEnd().split("\n")).toHaveLength(5);
  });

  it("is a defect where a module of the repository fails, whatever file calls it", () => {
    const model = join(clone.folder, "components/service/definition.ts");
    const text = readFileSync(model, "utf8");
    writeFileSync(model, `${text}\nthrow new Error("broken");\n`);
    const { code, error } = bellwetherIn(clone.folder, "explain", "storefront");
    writeFileSync(model, text);
    expect(code).toBe(3);
    expect(error).toMatch(STACK_TRACE);
  });
});
