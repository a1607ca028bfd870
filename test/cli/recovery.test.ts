import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recoveryFrom } from "../../cli/recovery.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { runHere } from "./surroundings.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-recover-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const urn = (type: string, name: string) => `urn:pulumi:dev::bellwether::${type}::${name}`;

/** As CLI 3.250 writes an export: the operations beside the resources. */
function exported(...pending: readonly (readonly [operation: string, type: string, name: string])[]): string {
  const file = join(folder, `state-${pending.length}.json`);
  const operations = pending.map(([operation, type, name]) => ({
    type: operation,
    resource: {
      urn: urn(type, name),
      type,
      custom: true,
      inputs: { name, namespace: "monitoring", adminPassword: { ciphertext: "AAABAsecret" } },
    },
  }));
  const deployment = {
    manifest: {},
    resources: [],
    ...(pending.length > 0 && { pending_operations: operations }),
  };
  writeFileSync(file, JSON.stringify({ version: 3, deployment }));
  return file;
}

const SECRET = ["creating", "kubernetes:core/v1:Secret", "alertmanager-config"] as const;
const RELEASE = ["creating", "kubernetes:helm.sh/v3:Release", "prometheus-operator-crds"] as const;
const VPC = ["creating", "aws:ec2/vpc:Vpc", "network"] as const;
const ROLE = ["updating", "aws:iam/role:Role", "cluster-role"] as const;

/** The commands of a text, which are indented. */
const commandsIn = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .map((line) => line.trim());

describe("what recovers from an interrupted deployment", () => {
  it("is nothing where no operation was interrupted", () => {
    expect(recoveryFrom(exported())).toEqual({ text: "No operation was interrupted.\n", interrupted: 0 });
  });

  it("is one run that takes objects over, where Kubernetes refuses those that exist", () => {
    const { text, interrupted } = recoveryFrom(exported(SECRET));
    expect(interrupted).toBe(1);
    expect(text).toContain("dev: 1 operation was interrupted.");
    expect(text).toContain("- creating kubernetes:core/v1:Secret alertmanager-config");
    expect(commandsIn(text)).toEqual([
      "PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack dev",
      "pulumi refresh --clear-pending-creates --non-interactive --yes --stack dev",
      "pulumi preview --refresh --expect-no-changes --stack dev",
    ]);
  });

  it("comes in the order of the commands: the ids of other clouds, Helm's record, objects, updates", () => {
    const { text } = recoveryFrom(exported(ROLE, SECRET, RELEASE, VPC));
    expect(commandsIn(text)).toEqual([
      `pulumi refresh --stack dev --import-pending-creates '${urn(VPC[1], VPC[2])}' --import-pending-creates '<id>'`,
      "kubectl delete secret --namespace monitoring --selector owner=helm,name=prometheus-operator-crds",
      "PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack dev",
      "pulumi refresh --stack dev",
      "pulumi refresh --clear-pending-creates --non-interactive --yes --stack dev",
      "pulumi preview --refresh --expect-no-changes --stack dev",
    ]);
  });

  it("shows no value of the state", () => {
    expect(recoveryFrom(exported(SECRET, RELEASE)).text).not.toContain("AAABAsecret");
  });

  it.each([
    ["that does not exist", undefined, "a file that cannot be read (ENOENT)"],
    ["that is no JSON", "resources: []", "a file that is no JSON"],
    ["that is another JSON", '{"resources": ["s3cr3t"]}', 'JSON without "deployment"'],
  ])("is refused for a file %s, without what is in it", (name, content, found) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.json`);
    if (content !== undefined) writeFileSync(file, content);
    const refused = () => recoveryFrom(file, "state.json");
    expect(refused).toThrow(InvalidInputError);
    expect(refused).toThrow(found);
    expect(refused).toThrow("pulumi stack export --stack <stack> --file <file>");
    expect(refused).not.toThrow("s3cr3t");
  });
});

describe("bellwether recover", () => {
  it("exits with 1 and the commands where operations were interrupted, and with 0 where none was", async () => {
    const some = await runHere(["recover", exported(SECRET)]);
    expect(some.code).toBe(1);
    expect(some.out).toContain("PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack dev");
    expect(await runHere(["recover", exported()])).toMatchObject({ code: 0, error: "" });
  });

  it("names a file that it cannot read as it was given, with 2", async () => {
    const { code, error } = await runHere(["recover", "no-such-file.json"]);
    expect(code).toBe(2);
    expect(error).toContain("no-such-file.json");
    expect(error).not.toContain(process.cwd());
  });
});
