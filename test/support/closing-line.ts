import { writeSync } from "node:fs";
import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";

/**
 * Ends the run's output with one line that a person and a machine can read: `214 passed, 0 failed`, and the skipped ones
 * if there are any. A file that does not load, a hook that throws and an error outside every test count as a failure each:
 * "0 failed" is printed only when all is well.
 */
export default class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;
  /** Nothing has run before the first run ends, and then something is wrong with the set-up. */
  #ended = false;

  onInit(): void {
    // Other reporters, and what Vitest says when it closes down, come before the end of the process.
    process.once("exit", (code) => {
      if (!this.#ended && code !== 0) this.#failed += 1;
      writeSync(process.stdout.fd, `${this.#line()}\n`);
    });
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    this.#ended = true;
    this.#passed = 0;
    this.#skipped = 0;
    this.#failed = unhandledErrors.length;
    for (const module of modules) {
      if (module.errors().length > 0) this.#failed += 1;
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) this.#failed += 1;
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") this.#passed += 1;
        else if (state === "skipped") this.#skipped += 1;
        else this.#failed += 1;
      }
    }
    if (reason !== "passed" && this.#failed === 0) this.#failed = 1;
  }

  #line(): string {
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : "";
    return `${this.#passed} passed, ${this.#failed} failed${skipped}`;
  }
}
