import { describe, expect, it } from "vitest";
import { changesWithin, leavesOf, settingLeafChanges } from "../../../cli/review/leaves.ts";

describe("two values", () => {
  it("are the same whatever the order of their keys", () => {
    expect(changesWithin({ a: 1, b: { c: true } }, { b: { c: true }, a: 1 })).toEqual([]);
  });

  it("name what is different by its path, in lists by the name of the item", () => {
    const list = (image: string) => ({
      containers: [
        { name: "a", image: "1" },
        { name: "b", image },
      ],
    });
    expect(changesWithin(list("1"), list("2"))).toEqual([
      { path: "containers[b].image", before: "1", after: "2" },
    ]);
  });

  it("say an item that only one of them has in one piece, and move no other", () => {
    const before = { env: [{ name: "b", value: "2" }] };
    const after = {
      env: [
        { name: "a", value: "1" },
        { name: "b", value: "2" },
      ],
    };
    expect(changesWithin(before, after)).toEqual([
      { path: "env[a]", before: undefined, after: "name a; value 1" },
    ]);
    expect(changesWithin(after, before)).toEqual([
      { path: "env[a]", before: "name a; value 1", after: undefined },
    ]);
  });

  it("keep the order of plain lists, where it can mean something", () => {
    expect(changesWithin({ types: ["a", "b"] }, { types: ["b", "a"] })).toHaveLength(1);
  });

  it("read JSON within text, such as the policy of a role", () => {
    const policy = (action: string) => ({
      policy: JSON.stringify({ Statement: [{ Sid: "Read", Action: action }] }),
    });
    expect(changesWithin(policy("s3:Get"), policy("s3:*"))).toEqual([
      { path: "policy.Statement[Read].Action", before: "s3:Get", after: "s3:*" },
    ]);
  });
});

describe("two settings", () => {
  const changes = (before: object, after: object) => settingLeafChanges(leavesOf(before), leavesOf(after));

  it("are the same where a newer version fills in an empty list or map, or an older one did", () => {
    expect(changes({ a: 1 }, { a: 1, rules: [], alerts: {} })).toEqual([]);
    expect(changes({ a: 1, rules: [] }, { a: 1 })).toEqual([]);
  });

  it("are others where a list is emptied or filled", () => {
    expect(changes({ rules: ["a"] }, { rules: [] })).toEqual([{ path: "rules", before: "a", after: "none" }]);
    expect(changes({}, { rules: ["a"] })).toEqual([{ path: "rules", before: undefined, after: "a" }]);
  });

  it("are not what an object of Kubernetes has: there an empty selector is another one than none", () => {
    expect(changesWithin({ a: 1 }, { a: 1, selector: {} })).toHaveLength(1);
  });
});
