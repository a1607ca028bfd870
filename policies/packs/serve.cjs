// CommonJS, because Pulumi's run-policy-pack requires the packs. Pulumi's own modules come before tsx, and so do the libraries that the
// rules import: it would otherwise look through each of their files and double the time that they take to load.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { PolicyPack } = require("@pulumi/policy");

const isSource = existsSync(join(__dirname, "pack.ts"));
// In the repository the rules are TypeScript, and run-policy-pack has registered ts-node, which refuses TypeScript written as ES
// modules. tsx takes over: its CommonJS half alone, which starts no loader thread. The npm package holds them compiled.
if (isSource) {
  require("zod");
  require("yaml");
  require("@prometheus-io/lezer-promql");
  require("tsx/cjs/api").register();
}

// The repository's own waivers. Anybody else's program brings its own.
const ownWaivers = join(__dirname, "../../stacks/waivers.yaml");
if (isSource && existsSync(ownWaivers)) process.env.BELLWETHER_WAIVERS ??= ownWaivers;

const { policyPack } = require(isSource ? "./pack.ts" : "./pack.js");

/** Starts the pack of a name, which serves until the engine ends it. */
module.exports = function serve(name) {
  new PolicyPack(name, policyPack(name));
};
