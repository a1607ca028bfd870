import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { environmentJsonSchema } from "../../stacks/json-schema.ts";
import { RENAMED_FIELDS, renamedFieldsIn, renamingNotice } from "../../stacks/renamed-fields.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { samples } from "./samples.ts";

type Raw = Record<string, Record<string, unknown>>;

const cases = RENAMED_FIELDS.map((field) => [`${field.section}.${field.oldName}`, field] as const);

/** A sample that uses the new name, and the same one with the old name. */
function sampleOf({ section, oldName, newName }: (typeof RENAMED_FIELDS)[number]) {
  const found = Object.entries(samples() as Record<string, Raw>).find(
    ([, raw]) => newName in (raw[section] ?? {}),
  );
  if (found === undefined) throw new Error(`No sample uses ${section}.${newName}.`);
  const [stack, raw] = found;
  const { [newName]: value, ...others } = raw[section] ?? {};
  const old: Raw = { ...raw, [section]: { ...others, [oldName]: value } };
  return { stack, raw, old, value };
}

function resolve(raw: unknown, stack: string) {
  return resolveEnvironment(raw, { stack, today: "2026-11-23", environments: [], services: [] });
}

describe.each(cases)("the old name %s", (path, field) => {
  const { stack, raw, old, value } = sampleOf(field);

  it("gives the same environment as the new name", () => {
    const [withNew, withOld] = [resolve(raw, stack), resolve(old, stack)];
    expect(withNew.ok).toBe(true);
    expect(withOld).toEqual(withNew);
  });

  it("is reported with the new name and the version in which it stops working", () => {
    expect(renamedFieldsIn(raw)).toEqual([]);
    expect(renamedFieldsIn(old)).toEqual([field]);
    const notice = renamingNotice(field);
    expect(notice).toContain(`environment.${path} has the new name environment.${field.section}.`);
    expect(notice).toContain(field.removedIn);
  });

  it("is the path of a problem inside the field", () => {
    const broken = { ...old, [field.section]: { ...old[field.section], [field.oldName]: { nosuch: 1 } } };
    const result = resolve(broken, stack);
    const paths = result.ok ? [] : result.problems.map((problem) => problem.path);
    expect(paths.some((found) => found.startsWith(`environment.${path}`))).toBe(true);
    expect(
      paths.filter((found) => found.startsWith(`environment.${field.section}.${field.newName}`)),
    ).toEqual([]);
  });

  it("is a problem beside the new name", () => {
    const both = { ...old, [field.section]: { ...old[field.section], [field.newName]: value } };
    const result = resolve(both, stack);
    expect(result.ok ? [] : result.problems).toEqual([
      {
        path: `environment.${path}`,
        found: `both ${field.oldName} and ${field.newName}, which is its new name`,
        allowed: "one of them",
        fix: `keep ${field.newName} and remove ${field.oldName}`,
      },
    ]);
  });

  it("is marked as deprecated in the JSON Schema for editors", () => {
    const schema = JSON.stringify(environmentJsonSchema());
    const old = schema.split(`"${field.oldName}":`).slice(1);
    expect(
      old.some((text) => text.includes(`"deprecated":true`) && text.includes(`Use ${field.newName}.`)),
    ).toBe(true);
  });

  it("is removed before the version that promises it", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const [now, end] = [version, field.removedIn].map(
      (text) => text.split(".").map(Number) as [number, number, number],
    );
    const order = [0, 1, 2]
      .map((part) => (now?.[part] ?? 0) - (end?.[part] ?? 0))
      .find((difference) => difference !== 0);
    expect(order).toBeLessThan(0);
  });
});
