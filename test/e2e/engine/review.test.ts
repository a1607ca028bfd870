import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Review, ReviewedChange } from "../../../cli/review/review.ts";
import type { RepositoryChange } from "../../review/change.ts";
import { apply, CHANGES, type Clone, cloneOf, reviewedIn, reviewIn } from "../../review/corpus.ts";
import { run } from "../../support/process.ts";
import { done, projectWith } from "../command-line.ts";
import { ROOT, type TemporaryProject, TODAY } from "../project.ts";

// The same changes reviewed twice: in process against the commit before, and on the real engine against what is deployed, with simulated
// providers. docs/how-to/review-a-change.md lists what only one of the two says.

const STACK = "prod";
const FILE = `stacks/Pulumi.${STACK}.yaml`;

const REVIEWED = [
  "alert-threshold",
  "alert-disabled",
  "route-second-receiver",
  "receiver-removed",
  "volume-smaller",
  "network-cidr",
  "latency-limit",
  "service-removed",
  "dashboard-unit",
  "no-op-refactoring",
] as const;

/** What only one of the reviews says, and why: the reasons are rows of the page. */
const EXPLAINED: readonly {
  readonly only: "--base" | "--plan";
  readonly row: string;
  readonly is: (change: ReviewedChange) => boolean;
}[] = [
  { only: "--base", row: "the policies", is: ({ area }) => area === "policies" },
  {
    only: "--plan",
    row: "a Secret changes, without its values",
    is: ({ about, what }) =>
      about.every((name) => name.startsWith("Secret ")) && what.includes("because it is secret"),
  },
  {
    only: "--base",
    row: "whether AWS changes a resource in place is not known",
    is: ({ what }) =>
      what.endsWith("whether AWS changes it in place is not known here, pulumi preview says it"),
  },
  {
    only: "--plan",
    row: "whether AWS changes it in place or replaces it",
    is: ({ what }) => /(AWS changes it in place|the engine replaces the resource)$/.test(what),
  },
  {
    only: "--plan",
    row: "a resource changes because another one is replaced",
    is: ({ kind, details }) =>
      kind.startsWith("resource-") && details.some(({ after }) => after?.includes("[unknown]") === true),
  },
];

describe("a review of what the engine would do", () => {
  let clone: Clone;
  let cache: string;
  let project: TemporaryProject;
  let deployed: string;
  const used = new Set<string>();

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), "bellwether-plan-"));
    clone = cloneOf(ROOT, cache);
    project = await projectWith(STACK);
    await rm(join(project.folder, "infra"));
    await symlink(join(clone.folder, "infra"), join(project.folder, "infra"));
    deployed = await readFile(join(project.folder, FILE), "utf8");
    await done(project, ["up", "--yes", "--stack", STACK]);
  });
  afterAll(async () => {
    await project?.remove();
    clone?.dispose();
    await rm(cache, { recursive: true, force: true });
  });

  /** What `review --plan` says of the change that the clone has. */
  const reviewedByPlan = async ({ name, edits }: RepositoryChange): Promise<Review> => {
    await writeFile(join(project.folder, FILE), deployed);
    const ofStack = edits.filter(({ file }) => file === FILE);
    apply(project.folder, ofStack, name);
    const plan = await done(project, ["preview", "--json", "--show-sames", "--stack", STACK]);
    const file = join(project.folder, "plan.json");
    await writeFile(file, plan);
    await rm(join(clone.folder, "review"), { recursive: true, force: true });
    const args = ["cli/bellwether.js", "review", "--plan", file, "--today", TODAY];
    const { code, stdout, stderr } = await run(process.execPath, args, { cwd: clone.folder });
    expect(code, `${stdout}${stderr}`).toBe(0);
    return JSON.parse(reviewIn(clone.folder, code, stderr).json) as Review;
  };

  it.each(REVIEWED)(
    "says of %s what the review in process says, but for what the page explains",
    async (name) => {
      const change = CHANGES.find((each) => each.name === name);
      if (change === undefined) throw new Error(`no change ${name}`);
      const { json, log } = await reviewedIn(clone, change);
      expect(json, log).not.toBe("");
      const base = JSON.parse(json) as Review;
      const plan = await reviewedByPlan(change);
      expect(plan.environments).toEqual([{ name: STACK, state: "compared", problem: null }]);

      const of = (review: Review) => new Map(review.changes.map((each) => [keyOf(each), each]));
      const [inProcess, byEngine] = [of(base), of(plan)];
      const unexplained = [
        ...alone("--base", inProcess, byEngine, used),
        ...alone("--plan", byEngine, inProcess, used),
      ];
      expect(unexplained).toEqual([]);
      expect(byEngine.size > 0).toBe(inProcess.size > 0);
    },
  );

  it("differs from it in each way that the page explains, and the page has each", async () => {
    const page = await readFile(join(ROOT, "docs/how-to/review-a-change.md"), "utf8");
    for (const { only, row } of EXPLAINED) {
      expect(page).toContain(`| \`${only}\`: ${row} |`);
      expect([...used]).toContain(row);
    }
  });
});

/** Everything of a change but its place in a file, which a plan does not know. */
function keyOf({ kind, about, what, details }: ReviewedChange): string {
  return JSON.stringify([kind, about, what, details]);
}

/** The changes that one review has alone, and that nothing explains. */
function alone(
  only: "--base" | "--plan",
  here: ReadonlyMap<string, ReviewedChange>,
  there: ReadonlyMap<string, ReviewedChange>,
  used: Set<string>,
): readonly string[] {
  return [...here].flatMap(([key, change]) => {
    if (there.has(key)) return [];
    const reason = EXPLAINED.find((each) => each.only === only && each.is(change));
    if (reason !== undefined) used.add(reason.row);
    return reason === undefined ? [`${only}: ${key}`] : [];
  });
}
