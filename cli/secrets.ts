import type { Problem } from "../components/core/problems.ts";
import { joinPath } from "../components/core/problems.ts";
import type { NamedSecret } from "../components/core/secrets.ts";
import type { SecretRow } from "./report/model.ts";
import type { StackFile } from "./stack-file.ts";

/** The config that a program runs with in a preview. */
export interface PreviewConfig {
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

// A text that is nowhere else: a file of out/ that contains it would contain the secret.
const PLACEHOLDER = "bellwether-placeholder-for-";

/**
 * The stack's config with a placeholder for every secret, those that are encrypted in the file and those that are not set yet.
 * A preview never decrypts.
 */
export function previewConfig(file: StackFile, secrets: readonly NamedSecret[]): PreviewConfig {
  const keys = new Set([...file.encrypted, ...secrets.map(({ name }) => keyOf(name))]);
  const placeholders = Object.fromEntries([...keys].map((key) => [key, placeholderFor(key)]));
  return { config: { ...file.config, ...placeholders }, secretKeys: [...keys] };
}

/** Each secret with the command that sets it, and whether that was done. */
export function secretRows(file: StackFile, secrets: readonly NamedSecret[]): readonly SecretRow[] {
  return secrets.map(({ name, path }) => ({
    name,
    path,
    set: file.encrypted.has(keyOf(name)),
    command: setCommand(name, file.stack),
  }));
}

/** Secrets that are in the file as plain text, for everyone with access to the repository. */
export function plainSecretProblems(file: StackFile, secrets: readonly NamedSecret[]): readonly Problem[] {
  return secrets
    .filter(({ name }) => Object.hasOwn(file.config, keyOf(name)))
    .map(({ name }) => ({
      path: joinPath("config", [keyOf(name)]),
      found: "a secret in plain text, which is not shown here",
      allowed: "an encrypted value",
      fix: `change the secret where it is used, as it is known now, then run: ${setCommand(name, file.stack)}`,
    }));
}

/** Whether a file would show a secret. It means that a component writes a secret where it must not. */
export function showsSecret(content: string): boolean {
  return content.includes(PLACEHOLDER);
}

function keyOf(name: string): string {
  return `bellwether:${name}`;
}

function placeholderFor(key: string): string {
  return `${PLACEHOLDER}${key.replace(/[^A-Za-z0-9]/g, "-")}`;
}

function setCommand(name: string, stack: string): string {
  return `pulumi config set --secret ${keyOf(name)} --stack ${stack}`;
}
