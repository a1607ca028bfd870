// CommonJS, as serve.cjs, which loads the pack with it.
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
const { createRequire } = require("node:module");
const { basename, dirname, join } = require("node:path");
const { compileFunction } = require("node:vm");

/** What decides how sources are compiled, beside themselves. */
const SETTINGS = ["tsconfig.json", "package.json"];
/** A bundle that nobody has made or found again for so many milliseconds is removed. */
const UNUSED = 24 * 60 * 60 * 1000;

/**
 * The sources that an entry imports as one file of JavaScript, which is kept in `cache` and made anew when any of them has changed. Three
 * hundred files that are compiled and loaded one by one are half of what it takes to start a pack. `entry` and the folders are absolute
 * paths; returns the file, or undefined where it cannot be made: who asked loads the sources, and whatever is wrong with them is said then.
 */
exports.bundleOf = function bundleOf(entry, root, cache) {
  try {
    const manifest = join(cache, `${basename(entry)}.json`);
    return kept(manifest, root, cache) ?? made(entry, manifest, root, cache);
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
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  const run = compileFunction(readFileSync(bundle, "utf8"), names, { filename: bundle });
  run(loaded.exports, createRequire(entry), loaded, entry, dirname(entry));
  return loaded.exports;
};

function kept(manifest, root, cache) {
  if (!existsSync(manifest)) return undefined;
  const { inputs = {}, compiler, file } = parsed(readFileSync(manifest, "utf8"));
  if (compiler !== compilerVersion()) return undefined;
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

function made(entry, manifest, root, cache) {
  const { outputFiles, metafile } = require("esbuild").buildSync({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    logLevel: "silent",
    metafile: true,
    packages: "external",
    platform: "node",
    outfile: join(cache, "bundle.cjs"),
    target: `node${process.versions.node}`,
    write: false,
  });
  const [{ contents }] = outputFiles;
  const digest = createHash("sha256").update(contents).digest("hex");
  const file = `${basename(entry)}-${digest.slice(0, 16)}.cjs`;
  const inputs = [...Object.keys(metafile.inputs), ...SETTINGS].sort();
  const written = {
    compiler: compilerVersion(),
    file,
    inputs: Object.fromEntries(inputs.map((path) => [path, digestOf(join(root, path))])),
  };
  mkdirSync(cache, { recursive: true });
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
    if (!file.startsWith(`${name}-`) || file === used) continue;
    const age = Date.now() - (statSync(join(cache, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > UNUSED) rmSync(join(cache, file), { force: true });
  }
}

/** An empty text where there is no file: one that is gone is a change too. */
function digestOf(path) {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
}

function compilerVersion() {
  return `${require("esbuild/package.json").version} node ${process.versions.node}`;
}
