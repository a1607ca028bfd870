import { describe, expect, it } from "vitest";
import { filesIn, read } from "../support/repository.ts";

// What kubectl leaves out in silence. test/e2e/control-plane/runbooks.test.ts runs the commands of alerts that page.

const COMMANDS = filesIn("docs/runbooks", ".md").flatMap((page) =>
  [...read(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .filter((line) => line.includes("kubectl"))
      .map((line) => ({ page, line })),
  ),
);

describe("the commands of the runbooks", () => {
  const ofSeveralPods = COMMANDS.filter(({ line }) => / logs\b.* (?:-l|--selector) /.test(line));

  it("say how many lines they want of several pods: without that, kubectl shows the last ten, whatever --since says", () => {
    expect(ofSeveralPods.length).toBeGreaterThan(15);
    expect(ofSeveralPods.filter(({ line }) => !line.includes(" --tail="))).toEqual([]);
  });

  it("go on after a pod that has no log: without that, kubectl shows no pod after it", () => {
    expect(ofSeveralPods.filter(({ line }) => !line.includes(" --ignore-errors"))).toEqual([]);
  });

  it("do not sort events by lastTimestamp: events of the scheduler have none, and would come first", () => {
    expect(COMMANDS.filter(({ line }) => / events\b/.test(line)).length).toBeGreaterThan(10);
    expect(COMMANDS.filter(({ line }) => line.includes("lastTimestamp"))).toEqual([]);
  });
});
