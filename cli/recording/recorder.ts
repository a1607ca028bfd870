import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../../components/core/problems.ts";
import { PreviewMonitor, type Recording, type References } from "./monitor.ts";

/** A Pulumi program: whatever it returns becomes the stack's outputs. */
export type Program = () => Promise<Record<string, unknown>>;

/** Which stack a program runs as, and with which config. */
export interface StackContext {
  readonly project: string;
  readonly stack: string;
  /** Full keys (`bellwether:environment`) to values; a map or a list is its JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** The keys whose values are secrets. */
  readonly secretKeys: readonly string[];
  /** What is known of the stacks that the program refers to. */
  readonly references?: References;
}

/** What else decides how a program runs. */
export interface RecordOptions {
  /** The day that the program is told it is, as YYYY-MM-DD. */
  readonly today?: string;
  /** Whether the program can be run again, as a module that is imported cannot. Default: it can. */
  readonly repeatable?: boolean;
}

/**
 * Runs a program as the engine would in a preview, and records every resource that it registers. Nothing is looked up and
 * nothing leaves the process: what a provider would compute is unknown. Rejects with an InvalidInputError where the program
 * refuses its input, else with the program's own error, stack trace included.
 *
 * One program at a time: Pulumi's runtime keeps its settings in the process.
 */
export async function record(
  program: Program,
  context: StackContext,
  { today, repeatable = true }: RecordOptions = {},
): Promise<Recording> {
  const before = process.env[TODAY_VARIABLE];
  if (today !== undefined) process.env[TODAY_VARIABLE] = today;
  try {
    if (!repeatable) return await run(program, context, "with stack traces");
    try {
      return await run(program, context, "without stack traces");
    } catch (error) {
      if (error instanceof InvalidInputError || isRefusal(error)) throw error;
      // A defect is worth a second run, to see where it is.
      return await run(program, context, "with stack traces");
    }
  } finally {
    if (before === undefined) delete process.env[TODAY_VARIABLE];
    else process.env[TODAY_VARIABLE] = before;
  }
}

/** Where the program looks for the day. */
const TODAY_VARIABLE = "BELLWETHER_TODAY";

/** Pulumi's own word for a mistake of the user: an error whose message says all. */
export function isRefusal(error: unknown): error is Error {
  return pulumi.RunError.isInstance(error);
}

async function run(program: Program, context: StackContext, traces: StackTraces): Promise<Recording> {
  const monitor = new PreviewMonitor(context.project, context.stack, context.references);
  pulumi.runtime.setMockOptions(monitor, context.project, context.stack, true, "organization");
  pulumi.runtime.setAllConfig({ ...context.config }, [...context.secretKeys]);
  const stray = collectStrayRejections();
  const restoreTraces = traces === "without stack traces" ? suppressStackTraces() : () => undefined;
  try {
    await pulumi.runtime.runInPulumiStack(program);
    // What is registered in a later turn of the event loop comes only now.
    await pulumi.runtime.disconnect();
  } finally {
    // Node reports an unhandled rejection one turn after it happened.
    await new Promise((resolve) => setImmediate(resolve));
    restoreTraces();
    stray.stop();
    pulumi.runtime.setAllConfig({}, []);
    forgetProgram(context);
  }
  const [first] = stray.errors;
  if (first !== undefined) throw first;
  return monitor.recording();
}

/**
 * Pulumi's runtime holds the stack until the next program runs, and so every resource with its arguments and promises: of a thousand services some
 * hundred megabytes, beside the recording.
 */
function forgetProgram({ project, stack }: StackContext): void {
  pulumi.runtime.setMockOptions(new PreviewMonitor(project, stack), project, stack, true, "organization");
  Reflect.deleteProperty(globalThis, "stackResource");
}

type StackTraces = "with stack traces" | "without stack traces";

/**
 * Pulumi makes several Error objects for every resource, only for their stack traces, and mapping those back to TypeScript
 * takes most of a preview's time. It sets the limit of frames itself, so a limit of zero does not hold; an accessor in its
 * place does, because V8 then captures none. Returns what undoes it.
 */
function suppressStackTraces(): () => void {
  const before = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
  Object.defineProperty(Error, "stackTraceLimit", { configurable: true, get: () => 0, set: () => undefined });
  return () => {
    if (before !== undefined) Object.defineProperty(Error, "stackTraceLimit", before);
  };
}

/**
 * A registration that fails rejects a promise that no caller holds: Pulumi's own host catches it in the same way. While a
 * program runs, other listeners are removed, because the recorder reports its failure.
 */
function collectStrayRejections(): { readonly errors: readonly unknown[]; readonly stop: () => void } {
  const errors: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => void errors.push(error));
  return {
    errors,
    stop: () => {
      process.removeAllListeners("unhandledRejection");
      for (const listener of others) process.on("unhandledRejection", listener);
    },
  };
}
