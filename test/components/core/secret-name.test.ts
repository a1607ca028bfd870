import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretName } from "../../../components/core/schema.ts";

// A key that is pasted where the name of a secret belongs would be accepted as a name, and printed as one.

function isName(text: string): boolean {
  return secretName().safeParse(text).success;
}

/** Texts of so many characters, drawn from an alphabet. */
function keys(alphabet: string, length: number) {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
}

const HEX = "0123456789abcdef";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

describe("the name of a secret", () => {
  it.each(["platformPagerdutyKey", "team2SlackURL", "k8sOpsgenieAPIKey", "smtpPassword", "pagerdutyKey2024"])(
    "may be %s",
    (name) => expect(isName(name)).toBe(true),
  );

  it("is no integration key of PagerDuty", () => {
    fc.assert(
      fc.property(keys(HEX, 32), (key) => !isName(key)),
      { seed: 18, numRuns: 1000 },
    );
  });

  it.each([
    ["lower-case letters and digits", LETTERS + HEX.slice(0, 10), 32],
    ["letters and digits", LETTERS + LETTERS.toUpperCase() + HEX.slice(0, 10), 32],
  ])("is hardly ever a random text of %s", (_what, alphabet, length) => {
    const accepted = fc.sample(keys(alphabet, length), { seed: 18, numRuns: 1000 }).filter(isName);
    expect(accepted.length).toBeLessThanOrEqual(10);
  });
});
