import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { main } from "@pulumi/pulumi/provider/index.js";
import type { Configuration } from "./configuration.ts";
import { type Heard, listenToEngine } from "./engine-calls.ts";
import { endWithParent, Requests } from "./interruption.ts";

/**
 * Stands in for a provider's plugin: it speaks the plugin's protocol with the real engine, and keeps what it is told to create
 * as files instead of calling a cloud. What it does not do, it does not pretend to: a look-up (an "invoke") fails, and whether
 * a resource changed is left to the engine, which compares inputs, but for what no API changes in place.
 */
export interface Simulator {
  /** Pulumi's name of the package: `aws`. */
  readonly name: string;
  /** Says what the API would answer, or throws what it would refuse with. */
  readonly create: (resource: Requested, world: World) => Promise<Created>;
  /** The types that the API cannot change: another input is another resource. */
  readonly unchangeable?: ReadonlySet<string>;
  /** What of a thing's inputs the API cannot change: its name. Undefined where the API chose it. */
  readonly identity?: (inputs: Readonly<Record<string, unknown>>) => string | undefined;
  /**
   * The inputs that the provider adds, given those of before: none for a new thing, and for the one that replaces another. `seed` has
   * 64 hexadecimal digits: what the provider makes up, it makes up of them.
   */
  readonly complete?: (resource: Requested, before: Inputs | undefined, seed: string) => Inputs;
  /** The inputs of this thing that the API cannot change. */
  readonly fixed?: (inputs: Inputs, type: string) => readonly string[];
  /** Throws what the API would refuse every call with, given how the provider is configured. */
  readonly admit?: (config: Configuration, world: World) => Promise<void>;
  /**
   * What an update computes anew, given what there was and what is asked for; a preview does not know it. With this function or with records the
   * provider answers in previews, too: what an update leaves as it is, is then known.
   */
  readonly recompute?: (type: string, olds: Properties, news: Properties) => Properties;
  /** The outputs of a type that the API adds fields to, which an update of the others keeps. */
  readonly completed?: (type: string) => readonly string[];
  /** What the API keeps of what exists, and who may change it; without it, only that it exists. Undefined for a type without. */
  readonly records?: (type: string) => Records | undefined;
  /** Whether the provider takes what an API that does not answer is asked for as gone, given how it is configured. */
  readonly forgetsUnreachable?: (config: Configuration) => boolean;
  /** Throws what the API would refuse a deletion with. */
  readonly refuseDeletion?: (type: string, id: string, world: World) => Promise<void>;
  /** Removes what the API deletes together with a thing. */
  readonly deleteWith?: (type: string, id: string, world: World) => Promise<void>;
}

type Properties = Readonly<Record<string, unknown>>;

/** What an API keeps of things of a type, as text, and how it changes. Every function throws what the API refuses with. */
export interface Records {
  /** "exists" if something exists already that may not be taken over. */
  readonly create: (
    inputs: Properties,
    existing: string | undefined,
    config: Configuration,
  ) => { readonly kept: string; readonly outputs: Properties } | "exists";
  readonly update: (
    olds: Properties,
    news: Properties,
    existing: string,
    how: { readonly config: Configuration; readonly preview: boolean },
  ) => string;
  /** The inputs as they are now, given the outputs that the engine knows. */
  readonly read: (outputs: Properties, existing: string) => Properties;
}

type Inputs = Readonly<Record<string, unknown>>;

/** What the engine asks for. */
export interface Requested {
  readonly type: string;
  readonly logicalName: string;
  /** As the program gave them. Secrets are still wrapped, as the engine sends them; `reveal` unwraps one. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Created {
  /** Two resources of a type cannot have the same one. */
  readonly id: string;
  /** What the API computes, besides the inputs. */
  readonly computed: Readonly<Record<string, unknown>>;
  /** What other clouds may ask about it: see {@link World.remembered}. */
  readonly remembered?: string;
}

/** What exists, in all the simulated clouds of a test. */
export interface World {
  readonly exists: (packageName: string, type: string, id: string) => Promise<boolean>;
  readonly ids: (packageName: string, type: string) => Promise<readonly string[]>;
  /** What is remembered of everything of a type that exists. */
  readonly remembered: (packageName: string, type: string) => Promise<readonly string[]>;
  /** Deletes whatever has an id that begins so. */
  readonly removeWithin: (packageName: string, prefix: string) => Promise<void>;
  /** The day that it is there, as YYYY-MM-DD. */
  readonly today: string;
}

/** The environment variable that names the folder of the simulated clouds: one file for each thing that exists. */
export const WORLD_VARIABLE = "BELLWETHER_SIMULATED_WORLD";

/** How Pulumi's protocol marks a value that is not known yet, and a secret. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Serves a simulator to the engine. Standard output belongs to the protocol. */
export async function serve(simulator: Simulator): Promise<void> {
  const folder = process.env[WORLD_VARIABLE];
  if (folder === undefined) throw new Error(`${WORLD_VARIABLE} does not say where the simulated clouds are`);
  endWithParent();
  await main(
    providerOf(
      simulator,
      folder,
      listenToEngine(simulator.records !== undefined || simulator.recompute !== undefined),
    ),
    process.argv.slice(2),
  );
}

function providerOf(simulator: Simulator, folder: string, engine: Heard): Provider {
  const world = worldIn(folder);
  const requests = new Requests();
  const file = (type: string, id: string) => fileOf(folder, simulator.name, type, id);
  const recordsOf = (type: string) => simulator.records?.(type);
  return {
    version: sdkVersion(simulator.name),
    async check(urn, olds: Inputs | undefined, news: Inputs) {
      const { type, name } = partsOf(urn);
      const before = Object.keys(olds ?? {}).length === 0 ? undefined : olds;
      const seed = createHash("sha256").update(engine.seed(urn)).digest("hex");
      return {
        inputs: simulator.complete?.({ type, logicalName: name, inputs: news }, before, seed) ?? news,
      };
    },
    async diff(_id, urn, olds: Record<string, unknown>, news: Record<string, unknown>) {
      const identity = simulator.identity?.(news);
      if (identity !== undefined && identity !== simulator.identity?.(olds))
        return { changes: true, replaces: ["metadata.name"] };
      const all = simulator.unchangeable?.has(partsOf(urn).type) === true;
      const fixed = all ? Object.keys(news) : (simulator.fixed?.(news, partsOf(urn).type) ?? []);
      const replaces = fixed.filter(
        (key) => key in news && JSON.stringify(reveal(olds[key])) !== JSON.stringify(reveal(news[key])),
      );
      if (replaces.length > 0 || all) return { changes: replaces.length > 0, replaces };
      return {};
    },
    async create(urn, inputs: Record<string, unknown>) {
      const { type, name } = partsOf(urn);
      if (JSON.stringify(inputs).includes(UNKNOWN)) throw new Error(`${urn} is created from unknown values`);
      return await requests.carryOut(async () => {
        await simulator.admit?.(engine.config(), world);
        const made = await simulator.create({ type, logicalName: name, inputs }, world);
        const existing = await contentOf(file(type, made.id));
        const recorded = recordsOf(type)?.create(inputs, existing, engine.config());
        if (recorded === "exists" || (recorded === undefined && existing !== undefined))
          throw new Error(`${type} ${made.id} ${ALREADY_EXISTS}`);
        await mkdir(join(folder, simulator.name, slug(type)), { recursive: true });
        await writeFile(file(type, made.id), recorded?.kept ?? made.remembered ?? made.id);
        return { id: made.id, outs: { ...inputs, ...made.computed, ...recorded?.outputs } };
      });
    },
    async read(id, urn, props: Record<string, unknown>) {
      const { type } = partsOf(urn);
      // A resource without an id is one that is gone.
      const gone = { id: "", props: {} };
      try {
        await requests.reach();
      } catch (error) {
        if (simulator.forgetsUnreachable?.(engine.config()) === true) return gone;
        throw error;
      }
      const existing = await contentOf(file(type, id));
      if (existing === undefined) return gone;
      const inputs = recordsOf(type)?.read(props, existing);
      return { id, props: { ...props, ...inputs }, ...(inputs && { inputs }) };
    },
    async update(id, urn, olds: Record<string, unknown>, news: Record<string, unknown>) {
      const { type } = partsOf(urn);
      const apply = async () => {
        await simulator.admit?.(engine.config(), world);
        const existing = await contentOf(file(type, id));
        if (existing === undefined) throw new Error(`${type} ${id} does not exist`);
        const how = { config: engine.config(), preview: engine.previews(urn) };
        const record = recordsOf(type)?.update(olds, news, existing, how);
        if (record !== undefined && !how.preview) await writeFile(file(type, id), record);
        const anew = simulator.recompute?.(type, olds, news) ?? {};
        const kept = (simulator.completed?.(type) ?? []).map((key) => [
          key,
          { ...(olds[key] as object), ...(news[key] as object) },
        ]);
        const outs = { ...olds, ...news, ...Object.fromEntries(kept), ...anew };
        if (how.preview) for (const key of Object.keys(anew)) delete outs[key as keyof typeof outs];
        return { outs };
      };
      return engine.previews(urn) ? await apply() : await requests.carryOut(apply);
    },
    async delete(id, urn) {
      const { type } = partsOf(urn);
      await requests.carryOut(async () => {
        await simulator.admit?.(engine.config(), world);
        await simulator.refuseDeletion?.(type, id, world);
        await rm(file(type, id), { force: true });
        await simulator.deleteWith?.(type, id, world);
      });
    },
  };
}

/** The end of what an API says that refuses a second thing of a name. */
const ALREADY_EXISTS = "already exists";

function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** The file of a thing that exists in the simulated clouds of a folder. */
export function fileOf(folder: string, packageName: string, type: string, id: string): string {
  return join(folder, packageName, slug(type), slug(id));
}

/** The version that the SDK asks for: the engine warns of any other. */
function sdkVersion(packageName: string): string {
  const { version } = createRequire(import.meta.url)(`@pulumi/${packageName}/package.json`) as {
    version: string;
  };
  return version.replace(/^v/, "");
}

/** The simulated clouds that are kept in a folder. */
export function worldIn(folder: string): World {
  const ids = async (packageName: string, type: string) => {
    const names = await readdir(join(folder, packageName, slug(type))).catch(() => []);
    return names.map(decodeURIComponent);
  };
  return {
    ids,
    exists: async (packageName, type, id) => {
      const names = await readdir(join(folder, packageName, slug(type))).catch((): string[] => []);
      return names.includes(slug(id));
    },
    remembered: async (packageName, type) => {
      const within = join(folder, packageName, slug(type));
      const names = await readdir(within).catch(() => []);
      return Promise.all(names.map((name) => readFile(join(within, name), "utf8")));
    },
    removeWithin: async (packageName, prefix) => {
      for (const type of await readdir(join(folder, packageName)).catch(() => []))
        for (const name of await readdir(join(folder, packageName, type)))
          if (decodeURIComponent(name).startsWith(prefix)) await rm(join(folder, packageName, type, name));
    },
    today: process.env["BELLWETHER_TODAY"] ?? new Date().toISOString().slice(0, 10),
  };
}

/** Everything that exists: package/type/id of each. */
export async function everythingIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => decodeURIComponent(join(entry.parentPath, entry.name).slice(folder.length + 1)))
    .sort();
}

/** The value inside a secret; any other value as it is. */
export function reveal(value: unknown): unknown {
  return isSecret(value) ? value["value"] : value;
}

/** The value as a secret, if `like` is one. */
export function secretLike(like: unknown, value: unknown): unknown {
  return isSecret(like) ? { [SIGNATURE]: SECRET, value } : value;
}

/** So many random hexadecimal digits, as ids of clouds have them. */
export function hex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString("hex")
    .slice(0, length);
}

export function isSecret(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET
  );
}

function partsOf(urn: string): { type: string; name: string } {
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return { type: qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1), name: name.join("::") };
}

/** A file name for any text; of a text too long for one, its beginning and a digest. */
function slug(text: string): string {
  const encoded = encodeURIComponent(text);
  if (encoded.length <= 200) return encoded;
  return `${encoded.slice(0, 150)}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
