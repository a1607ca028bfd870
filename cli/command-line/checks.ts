import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { dayExists } from "../../policies/rules/today.ts";
import { momentIn } from "../report/moments.ts";
import type { Check, CheckContext, Refusal } from "./subcommand.ts";

// Checks of values that several subcommands take.

/** A day, written as YYYY-MM-DD. */
export const isDay: Check = (value) =>
  dayExists(value)
    ? undefined
    : { allowed: "a day that exists, as YYYY-MM-DD", fix: "write a day such as 2027-03-31" };

/** How long a command waits: from ten seconds to a day. */
export const isPatience: Check = async (value) => {
  const { DURATION_PATTERN, seconds } = await import("../../components/core/duration.ts");
  const length = DURATION_PATTERN.test(value) ? seconds(value) : 0;
  return length >= 10 && length <= 86_400
    ? undefined
    : { allowed: "a duration from 10s to 1d", fix: "write one such as 15m" };
};

/** One of the texts. */
export function oneOf(value: string, choices: readonly string[]): Refusal | undefined {
  if (choices.includes(value)) return undefined;
  return { allowed: `one of ${choices.join(", ")}`, fix: meant(value, choices, "write one of them") };
}

/** A folder that is there. */
export const isFolder: Check = (value, { surroundings: { folder } }) => {
  const stats = statSync(resolve(folder, value), { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return undefined;
  return {
    found: `${JSON.stringify(value)}, ${stats === undefined ? "which does not exist" : "which is no folder"}`,
    allowed: "a folder that exists",
    fix: "correct the path",
  };
};

/** A file that is there. */
export const isFile: Check = (value, { surroundings: { folder } }) =>
  statSync(resolve(folder, value), { throwIfNoEntry: false })?.isFile() === true
    ? undefined
    : { allowed: "a file that exists", fix: "correct the path" };

/** The address of a server. */
export const isAddress: Check = (value) =>
  /^https?:\/\/\S+$/.test(value) && URL.canParse(value)
    ? undefined
    : { allowed: "an http or https URL, such as http://localhost:9090", fix: "correct it" };

/** A folder, or a YAML or JSON file. */
export const isLintable: Check = (value, { surroundings: { folder } }) => {
  const stats = statSync(resolve(folder, value), { throwIfNoEntry: false });
  if (stats?.isDirectory() === true || (stats?.isFile() === true && /\.(ya?ml|json)$/.test(value)))
    return undefined;
  return {
    found: `${JSON.stringify(value)}, which ${stats === undefined ? "does not exist" : "is neither a folder nor a YAML or JSON file"}`,
    allowed: "a folder, or a file that ends in .yaml, .yml or .json",
    fix: "correct the path",
  };
};

/** A folder that can be written to, or one that can be made. */
export const isWritable: Check = (value, { surroundings: { folder } }) => {
  for (let path = resolve(folder, value); ; path = dirname(path)) {
    const stats = statOf(path);
    if (stats === "blocked" || stats === undefined) continue;
    if (stats.isDirectory() && mayWrite(path)) return undefined;
    return {
      found: `${JSON.stringify(value)}, where ${path} is ${stats.isDirectory() ? "a folder without write permission" : "a file"}`,
      allowed: "a folder that can be written to, or that can be created",
      fix: stats.isDirectory() ? "change its permissions, or name another folder" : "name another folder",
    };
  }
};

/** A file that is not there, in a folder that can be written to, or that can be made. */
export const isNewFile: Check = (value, context) => {
  const path = resolve(context.surroundings.folder, value);
  const stats = statOf(path);
  if (stats === "blocked" || stats === undefined) return isWritable(dirname(path), context);
  return {
    found: `${JSON.stringify(value)}, which is ${stats.isDirectory() ? "a folder" : "there already"}`,
    allowed: "a file that is not there yet",
    fix: stats.isDirectory() ? "name a file in it" : "name another file, or move that one",
  };
};

/** A moment that has passed. Clocks of two machines may be a minute apart. */
export const isPast: Check = (value) => {
  const form = { allowed: "a moment that has passed, such as 2026-11-30T02:10:00Z", fix: "correct it" };
  const at = momentIn(value);
  if (at === undefined) return form;
  return at <= Date.now() + 60_000
    ? undefined
    : { ...form, found: `${JSON.stringify(value)}, which is in the future` };
};

/** Below a file there is nothing; that is told of the file itself. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return "blocked";
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** An environment: in the repository one that has a file in stacks/, elsewhere a stack of the project. */
export const isEnvironment: Check = async (value, context) => {
  const names = await environmentsOf(context);
  // Where there is none yet, a name is all that can be checked.
  if (names === undefined) return NAME.test(value) ? undefined : NO_NAME;
  if (names.includes(value)) return undefined;
  return {
    allowed:
      names.length > 0
        ? `one of the environments ${names.join(", ")}`
        : "an environment; none has a file Pulumi.<environment>.yaml",
    fix: meant(value, names, "name one of them, or write its Pulumi.<environment>.yaml"),
  };
};

/** A service of the repository. In the package a service is known only after the program has run. */
export const isService: Check = async (value, { surroundings: { place } }) => {
  if (place === "package") return undefined;
  const { services } = await import("../repository/services.ts");
  return oneOf(
    value,
    (await services()).map(({ name }) => name),
  );
};

// A name becomes the name of a folder that is removed: nothing but a plain name may pass.
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const NO_NAME: Refusal = {
  allowed: "a name of letters, digits, dots, hyphens and underscores",
  fix: "correct the name",
};

/** The names that there are; undefined where that cannot be known. */
async function environmentsOf({ flags, surroundings }: CheckContext): Promise<readonly string[] | undefined> {
  const { place, folder } = surroundings;
  if (place === "repository") {
    const stacks = flags["stacks"];
    const { environmentNames } = await import("../repository/names.ts");
    return environmentNames(typeof stacks === "string" ? resolve(folder, stacks) : undefined);
  }
  try {
    const { stacks } = (await import("../team/project.ts")).readProject(folder);
    return stacks.length > 0 ? stacks : undefined;
  } catch (error) {
    // The subcommand itself says what is wrong with the project.
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

function meant(value: string, choices: readonly string[], otherwise: string): string {
  const near = nearest(value, choices);
  return near === undefined ? otherwise : `did you mean ${near}?`;
}
