const { Module, createRequire } = require("node:module");

/**
 * What @pulumi/pulumi (3.250) loads for two things that neither a pack nor a preview does, to serialize functions and to run the engine: four
 * fifths of its start.
 */
const UNUSED = ["@npmcli/arborist", "@pulumi/pulumi/automation", "normalize-package-data", "typescript"];

/**
 * Loads what only these need when it is first used. `entries` are the files of packages that load @pulumi/pulumi.
 * Call it before any of them is loaded; what is loaded already, or not installed, stays as it is.
 */
exports.deferUnused = function deferUnused(entries) {
  for (const entry of entries)
    for (const name of UNUSED) {
      const file = resolved(entry, "@pulumi/pulumi", name);
      if (file !== undefined && require.cache[file] === undefined) defer(file);
    }
};

/** Follows a chain of packages, each found from the one before. */
function resolved(entry, ...names) {
  try {
    return names.reduce((from, name) => createRequire(from).resolve(name), entry);
  } catch {
    return undefined;
  }
}

/** Puts in the place of a module one that becomes it when a property is read. Compiled imports ask for `__esModule` as they load. */
function defer(file) {
  const placeholder = new Module(file);
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      if (require.cache[file] === placeholder) delete require.cache[file];
      loaded = require(file);
    }
    return loaded;
  };
  placeholder.filename = file;
  placeholder.loaded = true;
  placeholder.exports = new Proxy(class {}, {
    get: (_, key) => {
      if (key === "__esModule") return true;
      return key === "default" ? (load().default ?? load()) : load()[key];
    },
    has: (_, key) => key in load(),
    construct: (_, args) => Reflect.construct(load(), args),
  });
  require.cache[file] = placeholder;
}
