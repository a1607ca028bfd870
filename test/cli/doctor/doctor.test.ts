import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployedBy } from "../../../cli/doctor/deployed.ts";
import { type Examined, examine } from "../../../cli/doctor/doctor.ts";
import { type Finding, findingLines } from "../../../cli/doctor/finding.ts";
import { nodeFinding, runsIn } from "../../../cli/doctor/programs.ts";
import { readStacks } from "../../../cli/environments.ts";
import { paintFor } from "../../../cli/paint.ts";
import { loadPlatform } from "../../../cli/platform.ts";
import { STACKS_FOLDER } from "../../../stacks/names.ts";

// Every check without a cluster: the programs on PATH are simulated, and hosts answer as a test says. The checks in a cluster are
// tested with a real API server (test/e2e/control-plane/doctor.test.ts), `pulumi` with the real one (test/e2e/engine/doctor.test.ts).

const TODAY = "2026-11-23";
const MODULES = new URL("../../../node_modules/", import.meta.url);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-doctor-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface World {
  readonly environment?: string;
  /** What stands in the stack's file after the environment. */
  readonly more?: string;
  /** Simulated programs: their scripts by name. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly silent?: readonly string[];
}

const PULUMI = `case "$1 $2" in
  "version "*) echo v3.250.0;;
  "whoami "*) echo '{"user":"somebody","url":"s3://somebody:s3cr3t@state"}';;
  "stack ls") echo '[{"name":"local"},{"name":"acme/bellwether/prod"}]';;
  "plugin ls") echo '[{"name":"aws","kind":"resource","version":"7.48.0"}]';;
esac`;
const IDENTITY = (account: string, role: string) => `case "$1" in
  --version) echo aws-cli/2.30.1 Python/3.13;;
  sts) echo '{"Account":"${account}","Arn":"arn:aws:sts::${account}:assumed-role/${role}/session"}';;
  *) echo 'ResourceNotFoundException' >&2; exit 254;;
esac`;
const ACCOUNT = "111122223333";

let worlds = 0;

/** What doctor finds in a world without a cluster, by check. */
async function findingsIn({
  environment = "local",
  more = "",
  programs = { pulumi: PULUMI },
  env = {},
  silent = [],
}: World = {}): Promise<readonly Finding[]> {
  worlds += 1;
  const bin = join(folder, String(worlds));
  const stacks = join(bin, "stacks");
  for (const path of [bin, stacks]) mkdirSync(path);
  for (const [name, script] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const file = readFileSync(join(STACKS_FOLDER, `Pulumi.${environment}.yaml`), "utf8");
  writeFileSync(join(stacks, `Pulumi.${environment}.yaml`), file + more);
  const platform = await loadPlatform(TODAY);
  const stack = readStacks(stacks, [environment], platform).get(environment);
  if (stack?.ok !== true) throw new Error("mistakes");
  const shell = { PATH: `${bin}:/usr/bin:/bin`, HOME: bin, ...env };
  const examined: Examined = {
    stack,
    deployed: async () => ({
      places: [],
      images: ["grafana/grafana:1", "quay.io/a/b:1", "localhost:5000/c"],
    }),
    env: shell,
    run: runsIn(folder, shell),
    reach: async (url) => (silent.some((host) => url.includes(host)) ? "ENOTFOUND" : undefined),
    modules: MODULES,
    progress: { step: () => undefined },
  };
  return examine(examined);
}

const of = (findings: readonly Finding[], check: string) =>
  findings.filter((finding) => finding.check === check);
const texts = (findings: readonly Finding[]) => findings.map(({ state, found }) => `${state} ${found}`);

/** The secrets of `local`, as `pulumi config set --secret` adds them to the end of the file. */
const SECRETS = ["grafanaAdminPassword", "grafanaSecretKey"]
  .map((name) => `  bellwether:${name}:\n    secure: v1:${name}\n`)
  .join("");

describe("doctor", () => {
  it("says what is there, in the words of the programs, without the password in a backend's address", async () => {
    const findings = await findingsIn();
    expect(texts(of(findings, "pulumi"))).toEqual(["ok 3.250.0"]);
    expect(texts(of(findings, "backend"))).toEqual(["ok s3://state"]);
    expect(texts(of(findings, "stack"))).toEqual(["ok local"]);
    expect(of(findings, "aws")).toEqual([]);
    expect(texts(of(findings, "image registries"))).toEqual([
      "note docker.io, localhost:5000, quay.io: the nodes must reach them",
    ]);
    expect(JSON.stringify(findings)).not.toContain("s3cr3t");
  });

  it("gives the command for each secret that is not set, and none for one that is", async () => {
    const [first, ...more] = of(await findingsIn(), "secrets");
    expect(first?.fix).toBe("pulumi config set --secret bellwether:grafanaAdminPassword --stack local");
    expect(more).toHaveLength(1);
    const findings = await findingsIn({ more: SECRETS });
    expect(texts(of(findings, "secrets"))).toEqual(["ok 2 of 2 are set"]);
    expect(JSON.stringify(findings)).not.toContain("v1:");
  });

  it("asks for a passphrase only where the stack is encrypted with one", async () => {
    const more = "encryptionsalt: v1:x\n";
    expect(of(await findingsIn(), "passphrase")).toEqual([]);
    expect(texts(of(await findingsIn({ more }), "passphrase"))[0]).toMatch(/^wrong neither/);
    for (const name of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"]) {
      const findings = await findingsIn({ more, env: { [name]: "s3cr3t" } });
      expect(of(findings, "passphrase")).toEqual([]);
      expect(JSON.stringify(findings)).not.toContain("s3cr3t");
    }
  });

  it.each([
    ["is not installed", {}, "no pulumi on PATH"],
    ["is too old", { pulumi: "echo v3.249.9" }, "3.249.9"],
    ["fails", { pulumi: "echo 'error: broken' >&2; exit 1" }, "pulumi version, which fails: broken"],
  ])("says that pulumi %s", async (_, programs, found) => {
    const [finding] = of(await findingsIn({ programs }), "pulumi");
    expect(finding).toMatchObject({ state: "wrong", found, allowed: "3.250 or newer" });
  });

  it("says that there is no login, and does not look for the stack then", async () => {
    const pulumi = PULUMI.replace(
      /"whoami "\*\) .*/,
      "\"whoami \"*) echo 'error: not logged in' >&2; exit 255;;",
    );
    const findings = await findingsIn({ programs: { pulumi } });
    expect(texts(of(findings, "backend"))).toEqual(["wrong no login: not logged in"]);
    expect(of(findings, "stack")[0]?.state).toBe("unchecked");
  });

  it("says which stacks there are where this one is not", async () => {
    const pulumi = PULUMI.replace('{"name":"local"},', "");
    expect(texts(of(await findingsIn({ programs: { pulumi } }), "stack"))).toEqual([
      'wrong no stack "local"; there is acme/bellwether/prod',
    ]);
  });

  it("compares the account and the role of who is signed in with the environment", async () => {
    const account = async (aws: string) =>
      texts(
        of(await findingsIn({ environment: "prod", programs: { pulumi: PULUMI, aws } }), "AWS account"),
      )[0];
    expect(await account(IDENTITY(ACCOUNT, "platform-admin"))).toMatch(/^ok arn:aws:sts::111122223333:/);
    expect(await account(IDENTITY(ACCOUNT, "reader"))).toMatch(
      /^wrong .* is no administrator of the cluster$/,
    );
    expect(await account(IDENTITY("444455556666", "platform-admin"))).toMatch(/^wrong .* of 444455556666$/);
    expect(await account("test $1 = --version && echo aws-cli/2.1.0 || exit 1")).toMatch(
      /^wrong no identity/,
    );
  });

  it("refuses version 1 of the aws CLI, and goes on to say that there is no cluster", async () => {
    const aws = IDENTITY(ACCOUNT, "platform-admin");
    const old = aws.replace("aws-cli/2.30.1", "aws-cli/1.45.11");
    const findings = await findingsIn({ environment: "prod", programs: { pulumi: PULUMI, aws: old } });
    expect(of(findings, "aws")[0]).toMatchObject({ state: "wrong", found: "1.45.11", allowed: "version 2" });
    expect(of(findings, "AWS account")[0]?.state).toBe("unchecked");
    expect(texts(of(findings, "EKS cluster"))).toEqual([
      'wrong environment.cluster: no EKS cluster "prod" in eu-central-1',
    ]);
    expect(of(findings, "API server")[0]?.state).toBe("unchecked");
  });

  it("names the host of the chart, and that it does not answer", async () => {
    expect(texts(of(await findingsIn(), "chart of the CRDs"))).toEqual([
      "ok prometheus-community.github.io",
      "ok github.com",
    ]);
    const silent = await findingsIn({ silent: ["github.io"] });
    expect(of(silent, "chart of the CRDs")[0]).toMatchObject({ state: "wrong" });
    expect(of(silent, "chart of the CRDs")[0]?.found).toMatch(
      /github\.io\/helm-charts\/index\.yaml, .* ENOTFOUND$/,
    );
    const proxied = await findingsIn({
      silent: ["github"],
      env: { HTTPS_PROXY: "http://user:s3cr3t@proxy" },
    });
    expect(of(proxied, "chart of the CRDs").map(({ state }) => state)).toEqual(["note"]);
    expect(JSON.stringify(proxied)).not.toContain("s3cr3t");
  });

  it("asks where plugins come from only while some are missing", async () => {
    const missing = await findingsIn({ silent: ["api.github.com", "get.pulumi.com"] });
    expect(of(missing, "provider plugins")[0]).toMatchObject({ state: "wrong" });
    expect(of(missing, "provider plugins")[0]?.fix).toContain("pulumi plugin install resource kubernetes");
    expect(of(missing, "provider plugins")[0]?.fix).not.toContain("resource aws");
    expect(of(await findingsIn(), "provider plugins")[0]?.state).toBe("note");
    const onPath = { "pulumi-resource-kubernetes": "", "pulumi-resource-grafana": "" };
    const there = await findingsIn({
      programs: { pulumi: PULUMI, ...onPath },
      silent: ["api.github.com", "get.pulumi.com"],
    });
    expect(texts(of(there, "provider plugins"))).toEqual(["ok all are installed"]);
  });

  it("says what the shell changes", async () => {
    const findings = await findingsIn({
      env: { PULUMI_K8S_HELM_DRIVER: "configmap", PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" },
    });
    const shell = of(findings, "shell");
    expect(shell.map(({ state }) => state)).toEqual(["wrong", "note"]);
    expect(shell[0]?.fix).toBe("unset PULUMI_K8S_HELM_DRIVER");
  });

  it("says that the kubeconfig has no such context, and does not ask a cluster then", async () => {
    const findings = await findingsIn();
    expect(texts(of(findings, "kubeconfig"))[0]).toContain(
      '"kind-bellwether", but there is no kubeconfig at',
    );
    for (const check of ["API server", "CRDs", "storage class", "permissions"])
      expect(of(findings, check).map(({ state }) => state)).toEqual(["unchecked"]);
  });

  it("refuses a Node.js that is too old", () => {
    expect(nodeFinding("20.18.3").state).toBe("wrong");
    expect(["20.19.0", "22.1.0", "24.0.0"].map((version) => nodeFinding(version).state)).toEqual([
      "ok",
      "ok",
      "ok",
    ]);
  });

  it("prints a line for each finding, and what is allowed and the fix below it", () => {
    const lines = findingLines(
      [
        { check: "pulumi", state: "wrong", found: "none", allowed: "3.250 or newer", fix: "install it" },
        { check: "storage class", state: "ok", found: "standard" },
      ],
      paintFor({ isTTY: false }, {}),
    );
    expect(lines.split("\n")).toEqual([
      "wrong  pulumi         none",
      "                      allowed  3.250 or newer",
      "                      fix      install it",
      "ok     storage class  standard",
      "",
    ]);
  });

  it("asks about the kinds and images of what the program creates", async () => {
    const platform = await loadPlatform(TODAY);
    const stack = readStacks(STACKS_FOLDER, ["local"], platform).get("local");
    if (stack?.ok !== true) throw new Error("mistakes");
    const { places, images } = await deployedBy(platform, stack, TODAY);
    const kinds = places.map(({ apiVersion, kind, namespace }) =>
      [apiVersion, kind, namespace].join(" ").trim(),
    );
    expect(kinds).toEqual(
      expect.arrayContaining([
        "monitoring.coreos.com/v1 Prometheus monitoring",
        "rbac.authorization.k8s.io/v1 ClusterRole",
        "apiextensions.k8s.io/v1 CustomResourceDefinition",
        "v1 Secret monitoring",
      ]),
    );
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(images.some((image) => image.includes("prometheus-operator"))).toBe(true);
  });
});
