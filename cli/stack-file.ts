import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type Document, isScalar, type LineCounter } from "yaml";
import { segmentsOf } from "../components/core/problem-path.ts";
import { joinPath, type Problem, shown } from "../components/core/problems.ts";
import { nearest, type Validated } from "../components/core/validation.ts";
import { type KindOfFile, type ParsedYaml, parseYaml } from "../components/core/yaml.ts";
import { stackNames } from "../stacks/names.ts";
import { ENVIRONMENT_KEY } from "./stack-yaml.ts";

/** A stack's file, read without being judged: what it says, and where each thing stands in it. */
export interface StackFile {
  readonly stack: string;
  /** As people write it, from the working directory. */
  readonly path: string;
  /** What stands under {@link ENVIRONMENT_KEY}, unchecked. */
  readonly environment: unknown;
  /** Every key of the config that is not encrypted, as Pulumi hands it to a program: a map or a list is its JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** The keys whose values are encrypted. Nothing here decrypts them. */
  readonly encrypted: ReadonlySet<string>;
  /** The same problem with the line that it stands in, and with a number as it is written there. */
  readonly located: (problem: Problem) => Problem;
}

const STACK_FILE: KindOfFile = {
  holds: `a map with config and, in it, ${ENVIRONMENT_KEY}`,
  fill: "copy stacks/Pulumi.local.yaml and change what differs",
  // Problems name what is inside the environment from `environment` on, as the resolver does.
  named: (segments) =>
    segments[0] === "config" && segments[1] === ENVIRONMENT_KEY
      ? ["environment", ...segments.slice(2)]
      : segments,
};

// A complete environment takes 2 KiB. Beyond this, what is read is no environment.
const LARGEST_FILE = 256 * 1024;
/** Reads `Pulumi.<stack>.yaml` in the folder: what it holds, or every reason why it cannot be read. */
export function readStackFile(folder: string, stack: string): Validated<StackFile> {
  const path = stackFilePath(folder, stack);
  const text = readText(folder, path, stack);
  if (!text.ok) return text;
  const document = parseYaml(text.value, path, STACK_FILE);
  if (!document.ok) return document;
  return interpret(document.value, stack, path);
}

/** Where a stack's file stands, as people write it. */
export function stackFilePath(folder: string, stack: string): string {
  return relative("", join(folder, `Pulumi.${stack}.yaml`));
}

function readText(folder: string, path: string, stack: string): Validated<string> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return refused(missingFile(folder, path, stack));
  if (!stats.isFile())
    return refused({ path, found: "something that is no file", allowed: "a YAML file", fix: "replace it" });
  if (stats.size > LARGEST_FILE)
    return refused({
      path,
      found: `${Math.ceil(stats.size / 1024)} KiB`,
      allowed: `at most ${LARGEST_FILE / 1024} KiB`,
      fix: "keep only the stack's config in it",
    });
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch {
    return refused({
      path,
      found: "bytes that are no UTF-8 text, or that may not be read",
      allowed: "a readable YAML file in UTF-8",
      fix: "save it as UTF-8, readable for you",
    });
  }
}

function missingFile(folder: string, path: string, stack: string): Problem {
  const names = stackNames(folder);
  const near = nearest(stack, names);
  return {
    path,
    found: "no such file",
    allowed: `one of the stacks that exist: ${names.join(", ") || "there is none"}`,
    fix: near === undefined ? "write that file, or name a stack that exists" : `did you mean ${near}?`,
  };
}

function interpret(
  { document, lines, value }: ParsedYaml,
  stack: string,
  path: string,
): Validated<StackFile> {
  if (!isRecord(value))
    return refused({
      path,
      found: kindOf(value),
      allowed: STACK_FILE.holds,
      fix: STACK_FILE.fill,
    });
  const config = value["config"];
  if (!isRecord(config))
    return refused({
      path: "config",
      found: config === undefined ? "nothing" : kindOf(config),
      allowed: `a map that holds ${ENVIRONMENT_KEY}`,
      fix: config === undefined ? "add config" : "make it a map",
    });
  const environment = config[ENVIRONMENT_KEY];
  if (!isRecord(environment)) {
    const near = nearest(
      ENVIRONMENT_KEY,
      Object.keys(config).filter((key) => key !== ENVIRONMENT_KEY),
    );
    return refused({
      path: joinPath("config", [ENVIRONMENT_KEY]),
      found: environment === undefined ? "nothing" : kindOf(environment),
      allowed: "a map: the environment, as stacks/environment.schema.json describes it",
      fix:
        environment === undefined
          ? near
            ? `rename ${near} to ${ENVIRONMENT_KEY}`
            : `add ${ENVIRONMENT_KEY}`
          : "make it a map",
    });
  }
  const encrypted = Object.keys(config).filter((key) => isEncrypted(config[key]));
  return {
    ok: true,
    value: {
      stack,
      path,
      environment,
      config: Object.fromEntries(
        Object.entries(config)
          .filter(([key]) => !encrypted.includes(key))
          .map(([key, entry]) => [key, typeof entry === "string" ? entry : JSON.stringify(entry)]),
      ),
      encrypted: new Set(encrypted),
      located: (problem) => locate(problem, document, lines),
    },
  };
}

/** Encrypted by `pulumi config set --secret`: a map whose only key is `secure`. */
function isEncrypted(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}

function locate(problem: Problem, document: Document, lines: LineCounter): Problem {
  const segments = segmentsOf(problem.path);
  if (segments?.[0] !== "environment") return problem;
  const node = document.getIn(["config", ENVIRONMENT_KEY, ...segments.slice(1)], true);
  if (!isNode(node)) return problem;
  const line = lines.linePos(node.range[0]).line;
  const number = numberInQuotesMissing(problem, node);
  return {
    ...problem,
    found: `${number ?? problem.found}, in line ${line}`,
    ...(number === undefined
      ? {}
      : { fix: `write it in quotes, "${number}", as YAML reads it as the number ${String(numberOf(node))}` }),
  };
}

/** Where a text was meant and YAML read a number: the text as it stands in the file, such as 1.30. */
function numberInQuotesMissing(problem: Problem, node: unknown): string | undefined {
  if (!isScalar(node) || typeof node.value !== "number" || !problem.fix.startsWith("write it in quotes"))
    return undefined;
  return node.source;
}

function numberOf(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined;
}

function isNode(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return node !== null && typeof node === "object" && Array.isArray((node as { range?: unknown }).range);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  return shown(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function refused(problem: Problem): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [problem] };
}
