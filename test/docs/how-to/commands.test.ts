import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandsOf, type PageCommand } from "../commands.ts";

// The how-tos for deploying and for the day after: each command is run by a test, or held to what its program documents. A command
// that is added to one of these pages fails here until it has a row.

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const PAGES = [
  "deploy",
  "find-drift",
  "grow-volumes",
  "restart-a-rollout",
  "drain-a-node",
  "rotate-secrets",
  "recover",
  "own-repository",
  "reach-the-cluster",
] as const;

/** A test and the commands of a page that it runs. */
interface Runs {
  readonly page: (typeof PAGES)[number];
  readonly test: string;
  readonly commands: readonly RegExp[];
  /** What the test must contain. Default: that it reads the page. */
  readonly evidence?: string;
}

const ENGINE = "test/e2e/engine";
const CONTROL_PLANE = "test/e2e/control-plane";

const RUN: readonly Runs[] = [
  {
    page: "deploy",
    test: `${ENGINE}/deploy-prod.test.ts`,
    commands: [
      /^pulumi stack init prod /,
      /^pulumi preview --stack prod$/,
      /^pulumi config set --secret bellwether:platformPagerdutyKey --stack prod( < key\.txt)?$/,
      /^npx bellwether (doctor|preview) prod$/,
      /^pulumi login 's3:/,
      /^pulumi up --stack prod --policy-pack /,
      /^pulumi preview --stack prod --expect-no-changes$/,
      /^pulumi stack change-secrets-provider 'awskms:/,
      /^pulumi stack (export|import) --stack prod --file /,
      /^pulumi destroy --stack (local|prod --preview-only|prod --exclude-protected)$/,
      /^pulumi state unprotect --stack prod /,
      /^pulumi stack rm --stack local$/,
    ],
  },
  {
    page: "deploy",
    test: `${ENGINE}/deploy-local.test.ts`,
    commands: [
      /^mkdir -p \.cache\/pulumi-state$/,
      /^export PULUMI_BACKEND_URL=/,
      /^pulumi stack init local /,
      /^pulumi config set --secret bellwether:grafana\w+ --stack local$/,
      /^openssl rand /,
      /^npx bellwether doctor local$/,
      /^pulumi up --stack local$/,
    ],
  },
  // In a fresh clone, as here.
  {
    page: "deploy",
    test: "test/docs/tutorial.test.ts",
    commands: [/^npm ci$/],
    evidence: "docs/tutorial.md",
  },
  {
    page: "find-drift",
    test: "test/docs/tutorial.test.ts",
    commands: [/^npm ci$/],
    evidence: "docs/tutorial.md",
  },
  {
    page: "find-drift",
    test: "test/e2e/drift.test.ts",
    commands: [
      /^pulumi refresh --preview-only --expect-no-changes (--diff --non-interactive )?--stack /,
      /^pulumi preview --refresh/,
      /^pulumi up --refresh( --stack prod)?$/,
    ],
  },
  {
    page: "find-drift",
    test: `${ENGINE}/field-conflicts.test.ts`,
    commands: [
      /^PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh /,
      /^pulumi up --refresh --skip-preview$/,
    ],
  },
  {
    page: "grow-volumes",
    test: `${CONTROL_PLANE}/grow-volumes.test.ts`,
    commands: [/^npx bellwether grow-volumes prod( --dry-run)?$/],
    evidence: '["grow-volumes", "staging"',
  },
  {
    page: "grow-volumes",
    test: `${ENGINE}/volumes.test.ts`,
    commands: [/^pulumi up --refresh --stack local$/],
  },
  {
    page: "restart-a-rollout",
    test: `${CONTROL_PLANE}/actions.test.ts`,
    commands: [/^npx bellwether restart-rollout prod shop\/deployment\/checkout( --dry-run)?$/],
    evidence: 'restart("shop/deployment/storefront", "--dry-run")',
  },
  {
    page: "drain-a-node",
    test: `${CONTROL_PLANE}/actions.test.ts`,
    commands: [/^npx bellwether drain prod ip-\S+( --dry-run)?$/],
    evidence: '["drain", node, "--snapshot", "--yes"]',
  },
  {
    page: "rotate-secrets",
    test: `${ENGINE}/rotation.test.ts`,
    commands: [/^pulumi config set --secret /, /^pulumi up --stack prod$/],
  },
  {
    page: "find-drift",
    test: "test/e2e/drift.test.ts",
    commands: [/^pulumi refresh --preview-only --json --stack prod > drift\.json$/, /^npx bellwether drift /],
    evidence: '["refresh", "--preview-only", "--json", "--stack", "local"]',
  },
  {
    page: "rotate-secrets",
    test: "test/e2e/drift.test.ts",
    commands: [/^pulumi preview --refresh --stack prod$/],
    evidence: 'howTo("find-drift")',
  },
  {
    page: "rotate-secrets",
    test: "test/components/alertmanager/rotation.test.ts",
    commands: [/ amtool alert add /],
  },
  {
    page: "recover",
    test: `${ENGINE}/interruption.test.ts`,
    commands: [
      /^pulumi cancel /,
      /^pulumi stack export /,
      /^npx bellwether recover /,
      /^PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up /,
      /^pulumi refresh --clear-pending-creates /,
      /^pulumi preview --refresh --expect-no-changes /,
      /^find \.cache\/pulumi-state/,
      /^pgrep /,
    ],
  },
  {
    page: "recover",
    test: `${ENGINE}/cluster-gone.test.ts`,
    commands: [
      /^pulumi refresh --stack local$/,
      /^pulumi up --stack local$/,
      /^PULUMI_K8S_DELETE_UNREACHABLE=true pulumi refresh --stack local$/,
    ],
  },
  {
    page: "own-repository",
    test: `${ENGINE}/own-repository.test.ts`,
    commands: [/^npx bellwether /, /^npm (install|test)$/, /^mkdir /, /^pulumi (stack|up|config set) /],
    evidence: 'howTo("own-repository")',
  },
  ...(
    [
      "deploy",
      "find-drift",
      "grow-volumes",
      "restart-a-rollout",
      "drain-a-node",
      "rotate-secrets",
      "recover",
      "reach-the-cluster",
    ] as const
  ).map((page) => ({
    page,
    test: `${CONTROL_PLANE}/kubectl.test.ts`,
    commands: [
      /^kubectl /,
      ...(page === "deploy" ? [/^grep /] : []),
      ...(page === "find-drift" ? [/^jq /] : []),
    ],
    evidence: `"${page}"`,
  })),
];

/** What needs an account: it is compared with what its program documents. */
const COMPARED: readonly { readonly test: string; readonly commands: readonly RegExp[] }[] = [
  { test: "test/docs/aws-commands.test.ts", commands: [/^aws /] },
];

/** What no test can run, with the reason. */
const NOT_RUN: readonly (readonly [command: string, reason: string])[] = [
  ["export AWS_PROFILE=bellwether-prod", "the name of a profile of AWS"],
  ["curl https://checkip.amazonaws.com", "the address of the machine on the Internet"],
  ["npm install bellwether @pulumi/pulumi @pulumi/kubernetes tsx", "for a project of the reader's own"],
  ["kill <number>", "the number is of what pgrep lists"],
];

/** A sentence that names a command, such as `pulumi up` or `kill -9`, tells nobody to run it. */
function isNamed({ isBlock, text }: PageCommand): boolean {
  return !isBlock && /^([a-z-]+( [a-z:-]+)*|kill -9|npm run test:control-plane -- \S+)$/.test(text);
}

const matches = (patterns: readonly RegExp[], { text }: PageCommand) =>
  patterns.some((pattern) => pattern.test(text));

describe.each(PAGES)("the commands of docs/how-to/%s.md", (page) => {
  const commands = commandsOf(page);
  const own = RUN.filter((runs) => runs.page === page);

  it("are run by a test, or compared with what their program documents", () => {
    expect(commands.length).toBeGreaterThan(2);
    const others = commands.filter(
      (command) =>
        !isNamed(command) &&
        !NOT_RUN.some(([text]) => text === command.text) &&
        !COMPARED.some((compared) => matches(compared.commands, command)) &&
        !own.some((runs) => matches(runs.commands, command)),
    );
    expect(others.map(({ text }) => text)).toEqual([]);
  });

  it.each(own)(
    "of which $test runs some, are there and are read by it",
    ({ test, commands: patterns, evidence }) => {
      for (const pattern of patterns)
        expect(
          commands.some(({ text }) => pattern.test(text)),
          String(pattern),
        ).toBe(true);
      const source = readFileSync(join(ROOT, test), "utf8");
      const reads = evidence === undefined ? [`howTo("${page}")`, `commandsOf("${page}")`] : [evidence];
      expect(
        reads.some((text) => source.includes(text)),
        `${test} has ${reads.join(" or ")}`,
      ).toBe(true);
    },
  );
});

it.each(COMPARED)("$test reads the commands of every how-to", ({ test }) => {
  expect(readFileSync(join(ROOT, test), "utf8").replaceAll(/\s+/g, "")).toContain(
    "howToNames().flatMap(commandsOf)",
  );
});

it("nothing is excepted that is on no page", () => {
  const texts = PAGES.flatMap(commandsOf).map(({ text }) => text);
  for (const [text, reason] of NOT_RUN) expect(texts, reason).toContain(text);
});
