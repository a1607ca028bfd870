import { describe, expect, it } from "vitest";
import { withNewNames } from "../../../cli/review/renamed.ts";
import { model } from "./sample-model.ts";

const FIELDS = { owner: "shop", tier: "critical", namespace: "shop", "http.port": "http" };

function changesOf(after: Readonly<Record<string, string>>): readonly string[] {
  const before = model({ services: { storefront: { ...FIELDS, name: "storefront" } } });
  const renamed = model({ services: { webshop: { ...FIELDS, name: "webshop", ...after } } });
  return withNewNames(before, renamed).changes.map(({ about, what }) => `${about} ${what}`);
}

describe("a service with another name", () => {
  it("loses the error budget of the period, if it does not say its former name", () => {
    expect(changesOf({})).toEqual([
      expect.stringMatching(
        /^The service storefront is called webshop now: .*error budget of this period is lost/,
      ),
    ]);
  });

  it("keeps it otherwise, and is the same service whatever else changed", () => {
    const other = { owner: "store", tier: "standard", namespace: "store", "http.port": "web" };
    for (const changed of [{}, other])
      expect(changesOf({ "formerly[0]": "storefront", ...changed })).toEqual([
        expect.stringMatching(
          /is called webshop now: its error budget continues with the records of both names;/,
        ),
      ]);
  });
});
