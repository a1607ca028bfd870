// CommonJS, because Pulumi's run-policy-pack requires the pack. Pulumi's own modules come before tsx, and so do the libraries that the
// rules import: it would otherwise look through each of their files and double the time that they take to load.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { PolicyPack } = require("@pulumi/policy");

const isSource = existsSync(join(__dirname, "..", "reliability-pack.ts"));
// In the repository the rules are TypeScript, and run-policy-pack has registered ts-node, which refuses TypeScript written as ES
// modules. tsx takes over: its CommonJS half alone, which starts no loader thread. The npm package holds them compiled.
if (isSource) {
  require("zod");
  require("@prometheus-io/lezer-promql");
  require("tsx/cjs/api").register();
}

// Not called reliability.ts: run-policy-pack requires "packs/reliability", and a file of that name would win over this folder.
const { PACK_NAME, reliabilityPack } = require(
  isSource ? "../reliability-pack.ts" : "../reliability-pack.js",
);

new PolicyPack(PACK_NAME, reliabilityPack());
