import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A Secret in a folder, as the kubelet mounts one: each file leads through `..data`, which is swapped at once for all of them. */
export class MountedSecret {
  readonly #folder: string;
  #values: Readonly<Record<string, string>>;
  #version = 0;

  private constructor(folder: string, values: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#values = values;
  }

  static async mount(folder: string, values: Readonly<Record<string, string>>): Promise<MountedSecret> {
    await mkdir(folder, { recursive: true });
    const mounted = new MountedSecret(folder, values);
    await mounted.update({});
    for (const name of Object.keys(values)) await symlink(join("..data", name), join(folder, name));
    return mounted;
  }

  /** The Secret has other values for some of its keys: the kubelet has noticed. */
  async update(values: Readonly<Record<string, string>>): Promise<void> {
    this.#values = { ...this.#values, ...values };
    const before = `..${this.#version}`;
    const now = `..${++this.#version}`;
    await mkdir(join(this.#folder, now));
    for (const [name, value] of Object.entries(this.#values))
      await writeFile(join(this.#folder, now, name), value);
    await symlink(now, join(this.#folder, "..data_tmp"));
    await rename(join(this.#folder, "..data_tmp"), join(this.#folder, "..data"));
    await rm(join(this.#folder, before), { recursive: true, force: true });
  }
}
