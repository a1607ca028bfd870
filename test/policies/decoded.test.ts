import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";

const require = createRequire(import.meta.url);
const { decodeOnce } = require("../../policies/packs/decoded.cjs") as {
  readonly decodeOnce: (deserialize: unknown) => void;
};

/** The module of the SDK, as far as it is used. */
function decoder() {
  let decoded = 0;
  return {
    get decoded() {
      return decoded;
    },
    deserializeProperties: (properties: unknown, _keepsSecrets: boolean): unknown => {
      decoded++;
      return { properties };
    },
  };
}

describe("the properties of a resource", () => {
  it("are decoded once for all policies, and those of another resource again", () => {
    const module = decoder();
    decodeOnce(module);
    const [one, other] = [{}, {}];
    const first = module.deserializeProperties(one, false);
    expect(module.deserializeProperties(one, false)).toBe(first);
    expect(module.deserializeProperties(other, false)).not.toBe(first);
    expect(module.decoded).toBe(2);
  });

  it("are decoded anew each time with their secrets, which a remediation may change", () => {
    const module = decoder();
    decodeOnce(module);
    const one = {};
    const first = module.deserializeProperties(one, true);
    expect(module.deserializeProperties(one, true)).not.toBe(first);
    expect(module.deserializeProperties(one, false)).not.toBe(first);
  });

  it("are decoded by the module that pinned @pulumi/policy uses: its server asks for it by this name", () => {
    const module = require("@pulumi/policy/deserialize") as Record<string, unknown>;
    expect(module["deserializeProperties"]).toBeTypeOf("function");
    expect(() => decodeOnce(undefined)).not.toThrow();
    expect(() => decodeOnce({})).not.toThrow();
  });
});
