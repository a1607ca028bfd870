import type { Tested, TestFiles, TestForm } from "../../components/core/promtool.ts";
import { Template } from "../../components/core/template.ts";
import { blockYaml } from "./block-yaml.ts";
import { type FileContent, wholeText } from "./folder.ts";
import { ProvenAlerts } from "./proven.ts";

/**
 * Writes the test files of a platform and its services. Those of a thousand services are half a gigabyte: of services that are defined alike, the
 * first two are rendered, and the others are the text of their form with other names. The second proves it: where the form has not its bytes,
 * such as for a name that is cut to a length, each service of the form is rendered.
 */
export class TestWriter {
  readonly #proven: ProvenAlerts;
  readonly #put: (name: string, text: FileContent) => void;
  /** By the key of a form: its files, once two of its services were rendered. */
  readonly #forms = new Map<string, FormFiles | "seen once" | "rendered">();

  /** `put` takes each file by its name without its ending, as soon as there is its text. */
  constructor(proven: ProvenAlerts, put: (name: string, text: FileContent) => void) {
    this.#proven = proven;
    this.#put = put;
  }

  write({ files, form }: Tested): void {
    const known = form && this.#forms.get(form.key);
    if (form !== undefined && known instanceof FormFiles && known.isProven && known.isFor(form)) {
      this.#fill(form, known);
      return;
    }
    const texts = this.#render(files());
    if (form === undefined) return;
    if (known === undefined) this.#forms.set(form.key, "seen once");
    else this.#learn(form, known, texts);
  }

  /** From the second service of a form, or from a later one, if a name of the second is a word of the form. */
  #learn(
    form: TestForm,
    known: FormFiles | "seen once" | "rendered",
    texts: ReadonlyMap<string, string>,
  ): void {
    if (known === "rendered") return;
    const files = known === "seen once" ? new FormFiles(form) : known;
    this.#forms.set(form.key, files.isProven || files.isProvenBy(form, texts) ? files : "rendered");
  }

  #fill(form: TestForm, files: FormFiles): void {
    for (const [name, text, alike] of files.of(form)) {
      this.#proven.addAlike(name, { proven: files.proven, name: alike, names: form.names });
      this.#put(name, text);
    }
  }

  #render(files: TestFiles): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const [name, file] of Object.entries(files)) {
      this.#proven.add(name, file);
      const text = blockYaml(file);
      this.#put(name, text);
      texts.set(name, text);
    }
    return texts;
  }
}

/** The files of a form: their names and texts, with placeholders. */
class FormFiles {
  readonly proven = new ProvenAlerts();
  /** Whether a service that was rendered has the texts of its form. */
  isProven = false;
  readonly #templates: readonly (readonly [alike: string, name: Template, text: Template])[];

  constructor({ files, names }: TestForm) {
    const placeholders = [...names.keys()];
    this.#templates = Object.entries(files()).map(([name, file]) => {
      this.proven.add(name, file);
      return [name, new Template(name, placeholders), new Template(blockYaml(file), placeholders)];
    });
  }

  /** Holds the files against the texts of a service that was rendered. False, if they are others. */
  isProvenBy(form: TestForm, texts: ReadonlyMap<string, string>): boolean {
    if (!this.isFor(form)) return true;
    const filled = this.of(form);
    this.isProven =
      filled.length === texts.size && filled.every(([name, text]) => texts.get(name) === wholeText(text));
    return this.isProven;
  }

  /** Whether no name of the service is a word of the form: `monitoring` in a file may be any namespace's name, or that of this service. */
  isFor({ names }: TestForm): boolean {
    return ![...names.values()].some((own) => this.#templates.some(([, , text]) => text.has(own)));
  }

  /** The files with the names of a service. */
  of({ names }: TestForm): readonly (readonly [name: string, text: FileContent, alike: string])[] {
    return this.#templates.map(([alike, name, text]) => [name.fill(names), text.filled(names), alike]);
  }
}
