// CommonJS, because Pulumi's run-policy-pack requires the packs. Pulumi's own modules come before tsx, which would otherwise look through
// each of their files and double the time that they take to load.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { decodeOnce } = require("./decoded.cjs");
const { deferUnused } = require("./deferred.cjs");

deferUnused([require.resolve("@pulumi/policy")]);
const { PolicyPack } = require("@pulumi/policy");

decodeOnce(decoder());

const isSource = existsSync(join(__dirname, "pack.ts"));
const root = join(__dirname, "../..");

/** The module of the SDK that decodes properties; undefined where a later one has it elsewhere. */
function decoder() {
  try {
    return require("@pulumi/policy/deserialize");
  } catch {
    return undefined;
  }
}

// The repository's own waivers. Anybody else's program brings its own.
const ownWaivers = join(root, "stacks/waivers.yaml");
if (isSource && existsSync(ownWaivers)) process.env.BELLWETHER_WAIVERS ??= ownWaivers;

/** The npm package holds the rules compiled. In the repository they are TypeScript. */
function pack() {
  if (!isSource) return require("./pack.js");
  const { bundleOf, loadBundle } = require("./bundle.cjs");
  const entry = join(__dirname, "pack.ts");
  const bundle = bundleOf(entry, root, join(root, ".cache/bundles"));
  if (bundle !== undefined) return loadBundle(bundle, entry);
  // run-policy-pack has registered ts-node, which refuses TypeScript written as ES modules. tsx takes over: its CommonJS half alone, which
  // starts no loader thread. The libraries come first: it would otherwise look through each of their files.
  require("zod");
  require("yaml");
  require("@prometheus-io/lezer-promql");
  require("tsx/cjs/api").register();
  return require("./pack.ts");
}

const { policyPack } = pack();

/** Starts the pack of a name, which serves until the engine ends it. */
module.exports = function serve(name) {
  new PolicyPack(name, policyPack(name));
};
