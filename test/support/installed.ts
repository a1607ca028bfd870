import { accessSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, describe, it } from "vitest";

/** A program on PATH, or in one of these folders. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  return [...(process.env["PATH"] ?? "").split(delimiter), ...folders]
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file);
        return true;
      } catch {
        return false;
      }
    });
}

/** Declares a test. */
export type CountedTest = (name: string, test: () => Promise<void>) => void;

/**
 * Declares tests that need programs that the tests do not build. Where one is not installed, each test is skipped with the reason. Either
 * way the last line of the group says how many ran: `with kubectl: 0 of 7 tests, because kubectl is not on PATH`.
 *
 * @param missing the programs that are not installed; without any, the tests run.
 */
export function withInstalled(
  {
    title,
    what,
    missing,
  }: { readonly title: string; readonly what: string; readonly missing: readonly string[] },
  declare: (test: CountedTest, isInstalled: boolean) => void,
): void {
  const reason = missing.length === 0 ? undefined : `${missing.join(" and ")} is not on PATH`;
  describe(`${title}, with ${what}`, () => {
    let declared = 0;
    let ran = 0;
    afterAll(() => {
      console.log(
        `with ${what}: ${ran} of ${declared} tests${reason === undefined ? "" : `, because ${reason}`}`,
      );
    });
    declare((name, test) => {
      declared++;
      it(name, async ({ skip }) => {
        if (reason !== undefined) return skip(reason);
        ran++;
        await test();
      });
    }, reason === undefined);
  });
}
