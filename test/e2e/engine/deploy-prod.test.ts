import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandsOf } from "../../docs/commands.ts";
import { type Deployer, startDeployer } from "../deployer.ts";
import { environmentOf, secretValues } from "../environment.ts";
import { everythingIn } from "../providers/simulator.ts";

// docs/how-to/deploy.md up to the deployment of prod: its commands in a clone, with the real engine and simulated clouds. State and
// secrets are on this machine, in a folder and with a passphrase. test/e2e/engine.test.ts deploys prod and deletes it.

const COMMANDS = commandsOf("deploy").filter(({ program }) => ["npx", "pulumi"].includes(program));

/** The one command of the page that is so. */
function command(pattern: RegExp): string {
  const found = [...new Set(COMMANDS.map(({ text }) => text).filter((text) => pattern.test(text)))];
  expect(found, String(pattern)).toHaveLength(1);
  return found[0] ?? "";
}

let deployer: Deployer;
const world = () => everythingIn(deployer.project.world);
const exists = (file: string) => existsSync(join(deployer.folder, file));

beforeAll(async () => {
  deployer = await startDeployer((folder) => ({
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "of this test alone",
  }));
  await deployer.done("mkdir state");
}, 10 * 60_000);
afterAll(() => deployer?.remove());

const init = () => deployer.done(command(/^pulumi stack init prod/).replace(/'awskms:[^']*'/, "passphrase"));

describe("the commands of docs/how-to/deploy.md, for prod", () => {
  it("set each secret that the first preview names, one of them from a file", async () => {
    await init();
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
});
