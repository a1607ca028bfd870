import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyResult } from "../../../cli/policy/verdict.ts";
import { commandsOf } from "../../docs/commands.ts";
import { type Deployer, startDeployer } from "../deployer.ts";
import { environmentOf, secretValues } from "../environment.ts";
import { everythingIn } from "../providers/simulator.ts";
import { type SimulatedAws, startSimulatedAws } from "../simulated-aws.ts";

// docs/how-to/deploy.md from the login to the last command, for prod: its commands in a clone, in their order, with the real engine and
// simulated clouds, a simulated bucket and simulated keys among them. What asks for a confirmation gets --yes, as nobody can be asked.

const COMMANDS = commandsOf("deploy").filter(({ program }) => ["npx", "pulumi"].includes(program));
const STACK_FILE = "stacks/Pulumi.prod.yaml";
const BUCKET = "example-bellwether-state";
const LONG = { timeout: 20 * 60_000 };

/** The one command of the page that is so. */
function command(pattern: RegExp): string {
  const found = [...new Set(COMMANDS.map(({ text }) => text).filter((text) => pattern.test(text)))];
  expect(found, String(pattern)).toHaveLength(1);
  return found[0] ?? "";
}

/** A command where nobody can be asked. */
const unasked = (pattern: RegExp) =>
  command(pattern).replace(/^pulumi (up|destroy|state unprotect|stack rm)/, "pulumi $1 --yes");

interface SarifResult {
  readonly ruleId: string;
  readonly locations: readonly [
    { readonly logicalLocations?: readonly [{ readonly fullyQualifiedName: string }] },
  ];
}

let aws: SimulatedAws;
let deployer: Deployer;
const world = () => everythingIn(deployer.project.world);
const exists = (file: string) => existsSync(join(deployer.folder, file));

beforeAll(async () => {
  aws = await startSimulatedAws([BUCKET, "example-new-bucket"]);
  // The backend is that of `pulumi login`, and no passphrase is needed.
  deployer = await startDeployer(() => ({
    PULUMI_BACKEND_URL: "",
    PULUMI_CONFIG_PASSPHRASE: "",
    ...aws.env,
  }));
}, 10 * 60_000);
afterAll(async () => {
  await deployer?.remove();
  aws?.stop();
});

const login = () => command(/^pulumi login /);
const init = () => deployer.done(command(/^pulumi stack init prod/));

/** The URNs of the protected resources in the state. */
async function protectedUrns(): Promise<readonly string[]> {
  const { deployment } = JSON.parse(await deployer.done("pulumi stack export --stack prod")) as {
    readonly deployment: {
      readonly resources: readonly { readonly urn: string; readonly protect?: boolean }[];
    };
  };
  return deployment.resources.filter(({ protect }) => protect === true).map(({ urn }) => urn);
}

describe("the commands of docs/how-to/deploy.md, for prod", LONG, () => {
  it("keep the state in the bucket and encrypt with the key", async () => {
    await deployer.done(login());
    await init();
    expect(aws.objects(BUCKET)).toContain(".pulumi/stacks/bellwether/prod.json");
    expect(aws.uses[0]).toBe("Encrypt alias/bellwether-prod");
    const file = await readFile(join(deployer.folder, STACK_FILE), "utf8");
    expect(file).toMatch(/^secretsprovider: awskms:\/\/alias\/bellwether-prod\?/m);
    expect(file).toMatch(/^encryptedkey: /m);
  });

  it("set each secret that the first preview names, one of them from a file", async () => {
    const { code, stdout, stderr } = await deployer.shell(command(/^pulumi preview --stack prod$/));
    expect(code).not.toBe(0);
    const named = (stdout + stderr).match(/pulumi config set --secret \S+ --stack prod/g);
    const fromFile = command(/ < key\.txt$/);
    for (const [secret, value] of secretValues(await environmentOf("prod"))) {
      const line = `pulumi config set --secret bellwether:${secret} --stack prod`;
      expect(named).toContain(line);
      await writeFile(join(deployer.folder, "key.txt"), value);
      if (fromFile.startsWith(line)) await deployer.done(fromFile);
      else await deployer.done(line, {}, value);
    }
    expect(named).toContain(
      command(/^pulumi config set --secret bellwether:platformPagerdutyKey --stack prod$/),
    );
    expect(await world()).toEqual([]);
  });

  it("find what is missing, and preview it as reviewers see it", async () => {
    const doctor = await deployer.shell(command(/^npx bellwether doctor prod$/));
    // Nobody is signed in to AWS here, and there is no cluster.
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/^ok {5}stack +prod$/m);
    expect(doctor.stdout).toMatch(/^ok {5}secrets +(\d+) of \1 are set$/m);
    await deployer.done(command(/^npx bellwether preview prod$/));
    expect(exists("out/prod/report.md")).toBe(true);
  });

  it("deploy it, held to the policies, and then there is nothing to do", async () => {
    await deployer.done(unasked(/^pulumi up --stack prod --policy-pack/));
    expect((await world()).length).toBeGreaterThan(150);
    await deployer.done(command(/^pulumi preview --stack prod --expect-no-changes$/));
  });

  it("leave a state of which an audit says what the preview says of the program", async () => {
    const previewed = JSON.parse(
      await readFile(join(deployer.folder, "out/prod/policies.json"), "utf8"),
    ) as readonly PolicyResult[];
    const told = await deployer.done(
      "pulumi stack export --show-secrets --stack prod | npx bellwether audit /dev/stdin --format sarif",
    );
    const [{ results }] = (
      JSON.parse(told) as { readonly runs: readonly [{ readonly results: readonly SarifResult[] }] }
    ).runs;
    const found = results.map(({ ruleId, locations: [{ logicalLocations }] }) => [
      ruleId,
      logicalLocations?.[0].fullyQualifiedName ?? null,
    ]);
    expect(found.sort()).toEqual(previewed.map(({ policy, urn }) => [policy, urn]).sort());
    for (const [, value] of secretValues(await environmentOf("prod"))) expect(told).not.toContain(value);
  });

  it("change the key, and move the state to another bucket, and there is still nothing to do", async () => {
    await deployer.done(command(/^pulumi stack change-secrets-provider /));
    const file = await readFile(join(deployer.folder, STACK_FILE), "utf8");
    expect(file).toContain("awskms://alias/bellwether-prod-2?");
    expect(aws.uses).toContain("Encrypt alias/bellwether-prod-2");

    const stackFile = join(deployer.folder, STACK_FILE);
    await deployer.done(command(/^pulumi stack export --stack prod --file /));
    await deployer.done(login().replace(BUCKET, "example-new-bucket"));
    // As the page says: `pulumi stack init` in the new backend, with the key that the state is encrypted with.
    await deployer.done(command(/^pulumi stack init prod/).replace("bellwether-prod?", "bellwether-prod-2?"));
    await writeFile(stackFile, file);
    await deployer.done(command(/^pulumi stack import --stack prod --file /));
    expect(aws.objects("example-new-bucket")).toContain(".pulumi/stacks/bellwether/prod.json");
    await deployer.done(command(/^pulumi preview --stack prod --expect-no-changes$/));
  });

  it("delete nothing while resources are protected, all others with the flag, and the last ones once they are not", async () => {
    const before = await world();
    const refused = await deployer.shell(command(/^pulumi destroy --stack prod --preview-only$/));
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain("cannot be deleted");
    expect(await world()).toEqual(before);

    await deployer.done(unasked(/^pulumi destroy --stack prod --exclude-protected$/));
    const kept = await world();
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(before.length);

    const unprotect = unasked(/^pulumi state unprotect --stack prod '/);
    const urns = await protectedUrns();
    expect(urns.length).toBeGreaterThan(1);
    for (const urn of urns) await deployer.done(unprotect.replace(/'[^']*'/, `'${urn}'`));
    await deployer.done(unasked(/^pulumi destroy --stack local$/).replace("local", "prod"));
    expect(await world()).toEqual([]);
  });

  it("remove the empty stack with its file, unless that is to be preserved", async () => {
    const remove = unasked(/^pulumi stack rm --stack local$/).replace("local", "prod");
    await deployer.done(`${remove} --preserve-config`);
    expect(exists(STACK_FILE)).toBe(true);
    await init();
    await deployer.done(remove);
    expect(exists(STACK_FILE)).toBe(false);
  });
});
