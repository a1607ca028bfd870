import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineMachine } from "../../../cli/doctor/machine.ts";
import { runsIn } from "../../../cli/doctor/programs.ts";
import { VERSIONS } from "../../../components/core/versions.ts";

// The programs on PATH are simulated; packages and clock are as a test says.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-machine-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface World {
  /** What each program prints when it is asked for its version. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly locked?: Readonly<Record<string, object>>;
  readonly installed?: Readonly<Record<string, object>> | undefined;
  /** How far the clock is ahead, in seconds; null: no host says the time. */
  readonly ahead?: number | null;
}

const ALL = {
  git: "git version 2.43.0",
  aws: "aws-cli/2.30.1 Python/3.13",
  kubectl: "Client Version: v1.35.4",
  pulumi: "v3.250.0",
  prometheus: `prometheus, version ${VERSIONS.prometheus} (branch: HEAD)`,
  alertmanager: `alertmanager, version ${VERSIONS.alertmanager} (branch: HEAD)`,
};
const PACKAGES = { "": {}, "node_modules/zod": { version: "4.0.0" } };

let worlds = 0;
async function findingsIn({ programs = ALL, locked = PACKAGES, ahead = 0, ...rest }: World = {}) {
  worlds += 1;
  const root = join(folder, String(worlds));
  mkdirSync(join(root, "node_modules"), { recursive: true });
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(root, name), `#!/bin/sh\necho "${text}"\n`, { mode: 0o755 });
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: locked }));
  const installed = "installed" in rest ? rest.installed : locked;
  if (installed !== undefined)
    writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  const now = Date.now();
  const findings = await examineMachine({
    run: runsIn(root, { PATH: root }),
    root: pathToFileURL(`${root}/`),
    hostTime: async () => (ahead === null ? undefined : now - ahead * 1000),
    now: () => now,
  });
  return new Map(findings.map((finding) => [finding.check, finding]));
}

describe("a machine", () => {
  it("with everything has nothing to mend", async () => {
    const findings = [...(await findingsIn()).values()];
    expect(findings.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["Node.js", "npm packages", "pulumi", "git", "aws", "kubectl", "clock"]),
    );
  });

  it("without a program learns which commands need it and how to have it", async () => {
    const findings = await findingsIn({ programs: { pulumi: ALL.pulumi } });
    expect(findings.get("alertmanager")).toMatchObject({ state: "note" });
    expect(findings.get("alertmanager")?.found).toMatch(/^not on PATH: needed by lab; to have it, put \d/);
    expect(findings.get("pulumi")?.state).toBe("ok");
  });

  it("with another version of Prometheus than is deployed learns both", async () => {
    const findings = await findingsIn({ programs: { ...ALL, prometheus: "prometheus, version 2.55.1" } });
    expect(findings.get("prometheus")?.found).toContain(`2.55.1, and ${VERSIONS.prometheus} is deployed`);
  });

  it("with the aws CLI of version 1 learns that it is not enough", async () => {
    const findings = await findingsIn({ programs: { ...ALL, aws: "aws-cli/1.45.11 Python/3.11" } });
    expect(findings.get("aws")).toMatchObject({ state: "note" });
    expect(findings.get("aws")?.found).toContain("1.45.11, and 2 or newer is wanted");
  });

  it.each([
    ["none is installed", undefined, "none is installed"],
    ["one is missing", { "": {} }, "differ: zod is missing"],
    ["one is older", { "node_modules/zod": { version: "3.9.0" } }, "differ: zod 3.9.0"],
  ])(
    "whose packages are not those of the lock file, as %s, is asked to install them",
    async (_, installed, found) => {
      const findings = await findingsIn({ installed });
      expect(findings.get("npm packages")).toMatchObject({ state: "wrong", found, fix: "npm ci" });
    },
  );

  it("need not have what is optional, as it is for other machines", async () => {
    const locked = { ...PACKAGES, "node_modules/only-there": { version: "1.0.0", optional: true } };
    expect((await findingsIn({ locked, installed: PACKAGES })).get("npm packages")?.state).toBe("ok");
  });

  it.each([
    [299, "ok", "299 s ahead"],
    [-301, "wrong", "301 s behind"],
    [301, "wrong", "301 s ahead"],
  ])("whose clock is %i s ahead is %s", async (ahead, state, found) => {
    expect((await findingsIn({ ahead })).get("clock")).toMatchObject({ state, found });
  });

  it("that reaches no host has an unchecked clock", async () => {
    expect((await findingsIn({ ahead: null })).get("clock")?.state).toBe("unchecked");
  });
});
