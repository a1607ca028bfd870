// CommonJS, as serve.cjs, which loads the pack with it. cli/bellwether.js loads the command line with it.
const { createHash } = require("node:crypto");
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { readFile } = require("node:fs/promises");
const { createRequire, SourceMap } = require("node:module");
const { basename, dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Script } = require("node:vm");

/**
 * Packages that a bundle leaves where they are: what runs once in a process or compiles, and a large one that few commands need. The others are a
 * few hundred small files.
 */
const INSTALLED = ["@pulumi/*", "@grafana/*", "echarts", "esbuild", "tsx"];
/** What decides how sources are compiled, beside themselves. */
const SETTINGS = ["tsconfig.json", "package.json"];
/** A bundle that nobody has made or found again for so many milliseconds is removed. */
const UNUSED = 60 * 60 * 1000;

/**
 * The sources that an entry imports as one file of JavaScript, which is kept in `cache` and made anew when any of them has changed. Three
 * hundred files that are compiled and loaded one by one are half of what it takes to start a pack. `entry` and the folders are absolute
 * paths; returns the file, or undefined where it cannot be made: who asked loads the sources, and whatever is wrong with them is said then.
 */
exports.bundleOf = function bundleOf(entry, root, cache) {
  try {
    const manifest = join(cache, `${basename(entry)}.json`);
    const build = () => require("esbuild").buildSync(options(entry, root, cache));
    return kept(manifest, root, cache) ?? made(entry, manifest, root, cache, build());
  } catch {
    return undefined;
  }
};

/** The same for sources that ask where they stand (`import.meta.url`), with a map that {@link exports.placesOf} reads. */
exports.programOf = async function programOf(entry, root, cache) {
  try {
    const manifest = join(cache, `${basename(entry)}.json`);
    const standing = { ...options(entry, root, cache), plugins: [whereSourcesStand], sourcemap: "external" };
    return (
      kept(manifest, root, cache) ??
      made(
        entry,
        manifest,
        root,
        cache,
        await require("esbuild").build({ ...standing, sourcesContent: false }),
      )
    );
  } catch {
    return undefined;
  }
};

/**
 * What a bundle exports. It is run as if it stood where its entry is: packages are found from there, wherever the cache is, which may be a link
 * to another disk.
 */
exports.loadBundle = function loadBundle(bundle, entry) {
  const loaded = { exports: {} };
  const code = `${bundle}.code`;
  const script = new Script(`${WRAPPER}${readFileSync(bundle, "utf8")}\n})`, {
    filename: bundle,
    columnOffset: -WRAPPER.length,
    // V8 looks whether it is of the same version and flags; the name has the digest of the text.
    cachedData: existsSync(code) ? readFileSync(code) : undefined,
  });
  script.runInThisContext()(loaded.exports, createRequire(entry), loaded, entry, dirname(entry));
  if (script.cachedDataRejected !== false) setImmediate(() => keepCode(script, code));
  return loaded.exports;
};

const WRAPPER = "(function (exports, require, module, __filename, __dirname) {";

/** Keeps what V8 compiled, for the next process. Where it cannot be written, that one compiles again. */
function keepCode(script, file) {
  try {
    replace(file, script.createCachedData());
  } catch {
    // Nothing is missing without it.
  }
}

/** Where a place in a bundle stands in its sources; the map is read for the first. Any other place, and one without a map, stays as it is. */
exports.placesOf = function placesOf(bundle) {
  let map;
  return (place) => {
    if (place.file !== bundle) return place;
    map ??= mapOf(bundle);
    const { originalSource, originalLine, originalColumn } =
      map?.findEntry(place.line - 1, place.column - 1) ?? {};
    if (originalSource === undefined) return place;
    const file = resolve(dirname(bundle), originalSource);
    return { file, line: originalLine + 1, column: originalColumn + 1 };
  };
};

/** Nothing where another process has removed it, which no message should fail of. */
function mapOf(bundle) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")));
  } catch {
    return undefined;
  }
}

/** How an entry and all that it imports become one file of CommonJS, which loads packages from where they are installed. */
function options(entry, root, cache) {
  return {
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    logLevel: "silent",
    metafile: true,
    external: INSTALLED,
    platform: "node",
    // Code that V8 has kept cannot import, so that what is imported later is required later.
    supported: { "dynamic-import": false },
    outfile: join(cache, "bundle.cjs"),
    target: `node${process.versions.node}`,
    write: false,
  };
}

/**
 * Sources know where they stand. Their types are removed file by file, as where they are loaded one by one: of TypeScript esbuild takes the import
 * of something that is not exported for that of a type, and leaves it out.
 */
const whereSourcesStand = {
  name: "where-sources-stand",
  setup({ esbuild, onLoad }) {
    onLoad({ filter: /[.]ts$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), {
        define: { "import.meta.url": JSON.stringify(pathToFileURL(path).href) },
        format: "esm",
        loader: "ts",
        sourcefile: path,
        sourcemap: "inline",
        sourcesContent: false,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      });
      return { contents: code, loader: "js" };
    });
  },
};

function kept(manifest, root, cache) {
  if (!existsSync(manifest)) return undefined;
  const { inputs = {}, compiler, file, from } = parsed(readFileSync(manifest, "utf8"));
  // A cache may serve several checkouts, and a bundle says where its sources stand.
  if (compiler !== compilerVersion() || from !== root) return undefined;
  const isSame = Object.entries(inputs).every(([path, digest]) => digestOf(join(root, path)) === digest);
  const bundle = join(cache, file);
  return isSame && existsSync(bundle) ? bundle : undefined;
}

/** Nothing, if the text is no JSON: then the bundle is made anew. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function made(entry, manifest, root, cache, { outputFiles, metafile, warnings }) {
  // What esbuild warns of is a mistake that Node refuses, such as an import of something that is not exported.
  if (warnings.length > 0) return undefined;
  const [map, { contents }] = outputFiles.length > 1 ? outputFiles : [undefined, ...outputFiles];
  const digest = createHash("sha256").update(contents).digest("hex");
  const file = `${basename(entry)}-${digest.slice(0, 16)}.cjs`;
  const inputs = [...Object.keys(metafile.inputs), ...SETTINGS].sort();
  const written = {
    compiler: compilerVersion(),
    from: root,
    file,
    inputs: Object.fromEntries(inputs.map((path) => [path, digestOf(join(root, path))])),
  };
  mkdirSync(cache, { recursive: true });
  if (map !== undefined) replace(join(cache, `${file}.map`), map.contents);
  replace(join(cache, file), contents);
  replace(manifest, JSON.stringify(written));
  removeUnused(cache, basename(entry), file);
  return join(cache, file);
}

/** With a rename, so that another process that reads the file sees all of it or none. */
function replace(file, contents) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, file);
}

function removeUnused(cache, name, used) {
  for (const file of readdirSync(cache)) {
    if (!file.startsWith(`${name}-`) || file.startsWith(used)) continue;
    const age = Date.now() - (statSync(join(cache, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > UNUSED) rmSync(join(cache, file), { force: true });
  }
}

/** An empty text where there is no file: one that is gone is a change too. */
function digestOf(path) {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
}

function compilerVersion() {
  return `${require("esbuild/package.json").version} node ${process.versions.node} ${digestOf(__filename)}`;
}
