import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FORMATS, type Format, type Imported, importServices } from "../../../components/exchange/model.ts";

const FOLDER = join(import.meta.dirname, "files");

/** The files of a format, each with its text. */
export function filesOf(format: Format): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(join(FOLDER, format)).map((file) => ({ file, text: textOf(format, file) }));
}

export const ALL_FILES = FORMATS.flatMap((format) => filesOf(format).map((each) => ({ format, ...each })));

/** Files of Pyrra, which definitions are made from and never turned into. */
export function pyrraFiles(): readonly string[] {
  return textsIn("pyrra");
}

/** PrometheusRules, whose alerts definitions are made from. */
export function prometheusRules(): readonly string[] {
  return textsIn("prometheus-rule");
}

function textsIn(name: string): readonly string[] {
  const folder = join(FOLDER, name);
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
}

export function textOf(format: Format, file: string): string {
  return readFileSync(join(FOLDER, format, file), "utf8");
}

/** What is imported of a text, with what no file of ours says. Throws what a person would be told. */
export function imported(text: string): Imported {
  const result = importServices([{ name: "file", text }], { namespace: "apps" });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.value;
}
