import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { parse, stringify } from "yaml";
import { blockYaml } from "../../../cli/artefacts/block-yaml.ts";

// The package `yaml` is the judge: the same bytes.

const byPackage = (value: unknown) =>
  stringify(value, { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false });

const WORDS = [
  ...[
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "N",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "",
    " ",
    "-",
    "?",
    "=",
    "<<",
    "---",
    "...",
  ],
  ...[
    "1",
    "-1",
    "+1",
    "0x1F",
    "0o17",
    "017",
    "0b11",
    "1_000",
    "1e3",
    "1.",
    ".5",
    ".inf",
    "-.Inf",
    ".nan",
    "190:20:30",
    "1:2",
  ],
  ...[
    "2026-11-30",
    "2026-11-30T10:00:00Z",
    "5m",
    "1d",
    "0+5x10",
    "1x10 _ _ 2",
    "_",
    "{{schema:0}}x3",
    "v1.2.3",
  ],
  ...[
    "a: b",
    "a:b",
    "a:",
    ":a",
    "a #b",
    "a#b",
    "#a",
    "- a",
    "-a",
    "? a",
    "?a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
  ],
  ...[
    "[a]",
    "{a}",
    "a,b",
    "a]",
    'say "a"',
    "it's",
    `"'`,
    "'a'",
    "back\\slash",
    "back \\n slash",
    "tab\tinside",
    " lead",
    "trail ",
  ],
  ...[
    "ä",
    "é: è",
    "日本",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\u0007",
    "\u0085",
    "\u{1f600}",
    "\r",
    "a\rb",
    "a\r\nb",
  ],
  ...[
    "a\nb",
    "a\nb\n",
    "a\n\nb\n\n",
    "\na",
    " a\nb",
    "a\n b\n",
    "a \nb",
    "a\n ",
    "a\n\t",
    "\n",
    "\n\n",
    "a\n",
    "a\n---\nb",
    "%a\nb",
  ],
  ...[
    "sum by (job) (\n  rate(a[5m])\n) > 0",
    "# no\nkey: value\n",
    "x".repeat(1100),
    "é".repeat(400),
    "null ",
    "nullable",
    "falsey",
  ],
];

/** Repeatable numbers from 0 to below 1 (Lehmer, Numerical Recipes' constants). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function anything(next: () => number, depth: number): unknown {
  const pick = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)] as T;
  const kind = next();
  if (depth === 0 || kind < 0.45) {
    if (kind < 0.3) return pick(WORDS) + (next() < 0.3 ? pick(WORDS) : "");
    return pick<unknown>([0, -0, 1, -1.5, 1e21, 1e-7, Number.NaN, -1 / 0, true, false, null, 2 ** 53]);
  }
  const size = Math.floor(next() * 5);
  if (kind < 0.7) return Array.from({ length: size }, () => anything(next, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [pick(WORDS), next() < 0.05 ? undefined : anything(next, depth - 1)]),
  );
}

describe("YAML in block style", () => {
  it.each(WORDS.map((word) => [JSON.stringify(word).slice(0, 40), word]))(
    "writes %s as the package does",
    (_, word) => {
      for (const value of [
        word,
        [word],
        { a: word },
        { [word]: 1 },
        { a: [{ b: word, [word]: [word] }] },
        [[word]],
      ])
        expect(blockYaml(value)).toBe(byPackage(value));
    },
  );

  it("writes 5,000 made-up values as the package does", () => {
    const next = numbers(20_261_130);
    let nested = 0;
    for (let round = 0; round < 5000; round++) {
      const value = anything(next, 4);
      const written = blockYaml(value);
      expect(written).toBe(byPackage(value));
      if (written.includes("\n  ")) nested++;
    }
    expect(nested).toBeGreaterThan(1000);
  });

  it("leaves dates and other objects with a form of their own to the package", () => {
    const value = { day: new Date(0), set: new Set([1]), map: new Map([["a", 1]]) };
    expect(blockYaml(value)).toBe(byPackage(value));
  });

  it("writes every rule file, case and manifest of the environments as the package does", () => {
    const out = inject("previews");
    let files = 0;
    for (const file of readdirSync(out, { recursive: true, encoding: "utf8" })) {
      if (!/(?:manifests|prometheus\/(?:rules|tests))\/[^/]+\.yaml$/.test(file)) continue;
      const text = readFileSync(`${out}/${file}`, "utf8");
      expect(text, file).toBe(byPackage(parse(text)));
      files++;
    }
    expect(files).toBeGreaterThan(300);
  });
});
