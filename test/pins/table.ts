import { table } from "../support/control-plane/table.ts";
import { groupedBy } from "./groups.ts";
import type { Pin } from "./pins.ts";
import { type Access, listed, registryOf } from "./registries.ts";
import { compare, type Newest, newest, partsOf } from "./versions.ts";

interface Answered {
  readonly pin: Pin;
  readonly newer?: Newest;
  /** The registry lists nothing as new as what is pinned: the newest that it lists. */
  readonly behind?: string;
  /** Why nothing is known. */
  readonly failure?: string;
}

/** Registries are asked for so many pins at once. */
const AT_ONCE = 6;

/** What is newer than each pin, as a table, and below it a line for each registry that did not answer. */
export async function report(pins: readonly Pin[], held: readonly string[], access: Access): Promise<string> {
  const answers: Answered[] = [];
  const left = [...pins.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      answers[next[0]] = await ask(next[1], access);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const known = answers.filter(({ failure }) => failure === undefined);
  const newer = known.filter((answer) => answer.newer?.ofAll !== undefined);
  return [
    table(
      ["pin", "ours", "same line", "newest", "where"],
      answers.map((answer) => row(answer, held)),
    ),
    "",
    `${newer.length} of ${known.length} pins have something newer; ${pins.length - known.length} are not known.`,
    ...failures(answers),
    ...(newer.some(({ pin }) => isHeld(pin, held))
      ? ["* held back in .github/dependabot.yml, which says why"]
      : []),
    "How to move one: docs/how-to/move-a-pin.md",
    "",
  ].join("\n");
}

async function ask(pin: Pin, access: Access): Promise<Answered> {
  try {
    const versions = await listed(pin.source, access);
    const newestListed = versions
      .filter((version) => partsOf(version) !== undefined)
      .sort(compare)
      .at(-1);
    const newer = newest(pin.version, versions, pin.line);
    return newestListed !== undefined && compare(newestListed, pin.version) < 0
      ? { pin, newer, behind: newestListed.replace(/^v/, "") }
      : { pin, newer };
  } catch (error) {
    return { pin, failure: reasonOf(error) };
  }
}

function row({ pin, newer, behind, failure }: Answered, held: readonly string[]): string[] {
  const star = isHeld(pin, held) && newer?.ofAll !== undefined ? " *" : "";
  const cells =
    failure === undefined
      ? [
          newer?.ofLine ?? "-",
          behind === undefined ? `${newer?.ofAll ?? "-"}${star}` : `lists up to ${behind}`,
        ]
      : ["?", "?"];
  return [pin.name, pin.version, ...cells, pin.files.join(", ")];
}

/** One line for each registry that does not answer, and for each command that only somebody with an account of AWS can run. */
function failures(answers: readonly Answered[]): string[] {
  const lines = answers.flatMap(({ pin, failure }) =>
    failure === undefined ? [] : [{ registry: registryOf(pin.source), failure, name: pin.name }],
  );
  return [...groupedBy(lines, ({ registry, failure }) => `${registry}: ${failure}`)].map(
    ([line, of]) => `? ${line} (${of.map(({ name }) => name).join(", ")})`,
  );
}

function isHeld({ source }: Pin, held: readonly string[]): boolean {
  return (
    source.kind === "npm" &&
    held.some((name) =>
      name.endsWith("*") ? source.name.startsWith(name.slice(0, -1)) : name === source.name,
    )
  );
}

/** The cause in one line: fetch itself says only that it failed. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const text = cause instanceof Error ? cause.message : message;
  return text.split("\n")[0] ?? "";
}
