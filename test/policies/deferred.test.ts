import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run } from "../support/process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Loads Pulumi's SDK as a pack does, and prints what it loaded of the packages that are put off, before and after a function is serialized. */
const script = (isDeferred: boolean) => `
  const { deferUnused } = require("./policies/packs/deferred.cjs");
  if (${isDeferred}) deferUnused([require.resolve("@pulumi/policy")]);
  require("@pulumi/policy");
  const pulumi = require("@pulumi/pulumi");
  const loaded = () => Object.keys(require.cache).filter((file) => /@npmcli|typescript\\/lib|normalize-package-data|pulumi\\/automation/.test(file)
    && require.cache[file].paths?.length > 0).length;
  const before = loaded();
  const factor = 3;
  pulumi.runtime.serializeFunction((value) => value * factor).then(({ text }) => {
    const workspace = typeof pulumi.automation.LocalWorkspace.create;
    console.log(JSON.stringify({ before, after: loaded(), text, workspace }));
  });
`;

interface Loading {
  readonly before: number;
  readonly after: number;
  readonly text: string;
  readonly workspace: string;
}

async function loading(isDeferred: boolean): Promise<Loading> {
  const { code, stdout, stderr } = await run(process.execPath, ["-e", script(isDeferred)], { cwd: ROOT });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Loading;
}

describe("what Pulumi's SDK loads to serialize functions and to run the engine", () => {
  it("is loaded when it is used, with the same result, and not before", async () => {
    const [put, usual] = await Promise.all([loading(true), loading(false)]);
    expect(usual.before).toBeGreaterThan(10);
    expect(put.before).toBe(0);
    expect(put.after).toBeGreaterThan(0);
    expect(put.text).toBe(usual.text);
    expect(put.text).toContain("value * factor");
    expect(put.workspace).toBe("function");
  });
});
