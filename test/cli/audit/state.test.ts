import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditedState } from "../../../cli/audit/state.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";

// A state as Pulumi 3.250 writes it, cut to what is read.

const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const PROVIDER = "urn:pulumi:prod::shop::pulumi:providers:kubernetes::cluster";
const SECRET = "urn:pulumi:prod::shop::kubernetes:core/v1:Secret::keys";
const PLAIN = "s3cr3t-of-the-test-9d1f";

function stateWith(secret: object): object {
  const resources = [
    {
      urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod",
      type: "pulumi:pulumi:Stack",
      custom: false,
    },
    {
      urn: PROVIDER,
      type: "pulumi:providers:kubernetes",
      custom: true,
      id: "1f2e",
      inputs: { context: "prod" },
    },
    {
      urn: SECRET,
      type: "kubernetes:core/v1:Secret",
      custom: true,
      protect: true,
      provider: `${PROVIDER}::1f2e`,
      inputs: { metadata: { name: "keys" }, stringData: { key: secret } },
      propertyDependencies: { metadata: null, stringData: [PROVIDER] },
    },
    { urn: `${SECRET}-old`, type: "kubernetes:core/v1:Secret", custom: true, delete: true },
  ];
  return { version: 3, deployment: { resources } };
}

describe("the state of a stack", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-audit-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(content: unknown) {
    const file = join(folder, "state.json");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return auditedState(file, "state.json");
  }

  it("is read with providers, protection and dependencies, without what the next deployment deletes", () => {
    const { stack, project, resources } = read(stateWith({ ...SIGNATURE, ciphertext: "v1:abc" }));
    expect({ stack, project }).toEqual({ stack: "prod", project: "shop" });
    expect(resources).toHaveLength(3);
    expect(resources[2]).toMatchObject({
      urn: SECRET,
      name: "keys",
      protect: true,
      provider: PROVIDER,
      propertyDependencies: { metadata: [], stringData: [PROVIDER] },
    });
  });

  it("has no value for a secret that is encrypted, and says how to have it judged", () => {
    const { resources, notices } = read(stateWith({ ...SIGNATURE, ciphertext: "v1:abc" }));
    expect(JSON.stringify(resources)).not.toContain("v1:abc");
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(
      "pulumi stack export --show-secrets --stack prod | npx bellwether audit /dev/stdin",
    );
  });

  it("has the plain text of a secret as a secret, so that messages leave it out", () => {
    const { resources, notices } = read(stateWith({ ...SIGNATURE, plaintext: JSON.stringify(PLAIN) }));
    expect(resources[2]?.inputs["stringData"]).toEqual({ key: { ...SIGNATURE, value: PLAIN } });
    expect(notices).toEqual([]);
  });

  it("is read from the file of a backend, too", () => {
    const { deployment } = stateWith({}) as { readonly deployment: object };
    expect(read({ version: 3, checkpoint: { stack: "x", latest: deployment } }).resources).toHaveLength(3);
  });

  it.each([
    ["no JSON", `{"${PLAIN}"`, "a file that is no JSON"],
    ["JSON that is something else", { secret: PLAIN }, "JSON that is no state"],
    ["a stack that was never deployed", { version: 3, deployment: {} }, "a state with 0 resources"],
    ["resources of another shape", { deployment: { resources: [{ urn: PLAIN }] } }, "JSON that is no state"],
  ])("is refused without its values if it is %s", (_, content, found) => {
    expect(() => read(content)).toThrow(InvalidInputError);
    try {
      read(content);
    } catch (error) {
      expect(String((error as InvalidInputError).message)).toContain(found);
      expect(String((error as InvalidInputError).message)).not.toContain(PLAIN);
    }
  });
});
