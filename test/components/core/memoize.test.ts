import { describe, expect, it } from "vitest";
import { memoize, memoizeByObject } from "../../../components/core/memoize.ts";

/** A function that counts its calls. */
function counted<Key, Value>(compute: (key: Key) => Value) {
  const asked: Key[] = [];
  return {
    asked,
    compute: (key: Key): Value => {
      asked.push(key);
      return compute(key);
    },
  };
}

describe("a memoized function", () => {
  it("computes each result once, also where that is undefined", () => {
    const { asked, compute } = counted((key: string) => (key === "b" ? undefined : key.length));
    const length = memoize(compute);
    expect(["aaa", "b", "aaa", "b"].map(length)).toEqual([3, undefined, 3, undefined]);
    expect(asked).toEqual(["aaa", "b"]);
  });

  it("keeps no more results than it may", () => {
    const { asked, compute } = counted((key: number) => key * 2);
    const twice = memoize(compute, { most: 2 });
    expect([1, 2, 1, 3, 3, 1].map(twice)).toEqual([2, 4, 2, 6, 6, 2]);
    expect(asked).toEqual([1, 2, 3, 1]);
  });

  it("computes again after a failure", () => {
    let fails = true;
    const value = memoize((key: string) => {
      if (fails) throw new Error("not yet");
      return key;
    });
    expect(() => value("a")).toThrow("not yet");
    fails = false;
    expect(value("a")).toBe("a");
  });

  it("tells equal objects apart", () => {
    const { asked, compute } = counted(({ of }: { of: number }) => of);
    const of = memoizeByObject(compute);
    const [one, other] = [{ of: 1 }, { of: 1 }];
    expect([one, other, one].map(of)).toEqual([1, 1, 1]);
    expect(asked).toEqual([one, other]);
  });
});
