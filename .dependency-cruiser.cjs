// Imports run downhill (docs/architecture.md). One rule per row of the table: what a place may import, and nothing else.
// `npm run check` runs it; test/architecture proves that each rule catches what it forbids.

const PULUMI = "^node_modules/@pulumi/";
const ROLE = { model: "model\\.ts$", render: "render\\.ts$", component: "component\\.ts$" };

/** A rule that forbids every local import outside `allowed`, and the Pulumi SDKs unless `pulumi` is true. */
function only(name, comment, from, allowed, { pulumi = false } = {}) {
  const local = {
    name: `${name}-imports`,
    comment,
    severity: "error",
    from,
    to: { path: "^(components|stacks|policies|infra|cli|test)/", pathNot: allowed },
  };
  const sdk = {
    name: `${name}-no-pulumi`,
    comment: `${name} is pure: it runs without Pulumi`,
    severity: "error",
    from,
    to: { path: PULUMI },
  };
  return pulumi ? [local] : [local, sdk];
}

const PURE = ["^components/(core|signals|slo|alerts)/"];
const isComponent = "^components/[^/]+/(?:[a-z-]+-)?component\\.ts$|^components/(network|cluster)/";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-test-in-product", severity: "error", from: { path: "^(components|stacks|policies|infra|cli)/" }, to: { path: "^test/" } },
    ...only("core", "core imports nothing local", { path: "^components/core/" }, ["^components/core/"]),
    ...only("signals", "signals import core", { path: "^components/signals/" }, ["^components/(core|signals)/"]),
    ...only(
      "pure-slo-and-alerts",
      "slo and alerts import core and signals",
      { path: "^components/(slo|alerts)/", pathNot: ROLE.component },
      ["^components/(core|signals)/", "^components/(slo|alerts|kubernetes)/"],
    ),
    ...only(
      "model",
      "a model imports the pure slices and other models",
      { path: `^components/.*/${ROLE.model}` },
      [...PURE, ROLE.model, "^components/[^/]+/[a-z-]+\\.ts$"],
    ),
    {
      name: "no-pulumi-outside-components",
      comment: "only a component touches Pulumi",
      severity: "error",
      from: { path: "^components/[^/]+/(model|render)\\.ts$" },
      to: { path: PULUMI },
    },
    {
      name: "pure-files-do-not-reach-pulumi",
      comment: "a model or a render must not load Pulumi through anything that it imports",
      severity: "error",
      from: { path: "^(components/[^/]+/(model|render)\\.ts$|stacks/|policies/rules/)" },
      to: { path: PULUMI, reachable: true },
    },
    ...only("stacks", "stacks are data", { path: "^stacks/" }, [
      "^stacks/",
      "^components/core/",
      "^components/[^/]+/(model|cidr)\\.ts$",
    ]),
    ...only("policy-rules", "policy rules are pure", { path: "^policies/rules/" }, [
      "^policies/rules/",
      "^components/core/",
      "^components/[^/]+/(model|eks-versions)\\.ts$",
      "^components/signals/",
    ]),
    {
      name: "packs-import-rules",
      severity: "error",
      from: { path: "^policies/packs/" },
      to: { path: "^(components|stacks|infra|cli)/" },
    },
    {
      name: "infra-imports-components-and-stacks",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^(policies|cli|test)/" },
    },
    {
      name: "nothing-imports-infra-or-cli",
      severity: "error",
      from: { path: "^(components|stacks|policies)/" },
      to: { path: "^(infra|cli)/" },
    },
    {
      name: "only-the-public-door",
      comment: "a component of one slice is used by another through its component.ts",
      severity: "error",
      from: { path: "^components/([^/]+)/" },
      to: { path: isComponent, pathNot: ["^components/$1/", "component\\.ts$", "(model|cidr)\\.ts$", "^components/core/"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
