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
    if (form !== undefined && known instanceof FormFiles && known.isFor(form)) this.#fill(form, known);
    else {
      const texts = this.#render(files());
      if (form === undefined) return;
      if (known === undefined) this.#forms.set(form.key, "seen once");
      if (known === "seen once") this.#forms.set(form.key, FormFiles.of(form, texts) ?? "rendered");
    }
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
  readonly #templates: readonly (readonly [alike: string, name: Template, text: Template])[];

  private constructor({ files, names }: TestForm) {
    const placeholders = [...names.keys()];
    this.#templates = Object.entries(files()).map(([name, file]) => {
      this.proven.add(name, file);
      return [name, new Template(name, placeholders), new Template(blockYaml(file), placeholders)];
    });
  }

  /** Undefined, if the form does not have the texts of a service that was rendered. */
  static of(form: TestForm, texts: ReadonlyMap<string, string>): FormFiles | undefined {
    const files = new FormFiles(form);
    if (!files.isFor(form)) return undefined;
    const filled = files.of(form);
    const isSame = filled.every(([name, text]) => texts.get(name) === wholeText(text));
    return isSame && filled.length === texts.size ? files : undefined;
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
