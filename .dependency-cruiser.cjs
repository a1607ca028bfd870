// Imports run downhill: the table of docs/architecture.md names the rules of each row. `npm run check` applies it to the
// tree; test/architecture/boundaries.test.ts proves that each row catches what it forbids.

const LOCAL = "^(components|stacks|policies|infra|cli|packaging|test)/";
const PULUMI = "node_modules/@pulumi/";
/** The files of a slice that create Pulumi resources: its component.ts, and the parts that a large one is split into. */
const CREATES = "^components/[^/]+/component[.]ts$";

/** Everything local but `allowed` is forbidden to `from`. */
function only(name, from, allowed) {
  return { name, severity: "error", from, to: { path: LOCAL, pathNot: allowed } };
}

/** Loads no Pulumi, neither by itself nor through anything that it imports. */
function pure(name, from) {
  return { name, severity: "error", from, to: { path: PULUMI, reachable: true } };
}

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },

    only("core-imports-core", { path: "^components/core/" }, ["^components/core/"]),
    only("promql-imports-core", { path: "^components/promql/" }, ["^components/(core|promql)/"]),
    {
      name: "promql-reads-promql",
      comment:
        "Only components/promql/tree.ts walks the tree of the grammar; everything else asks components/promql.",
      severity: "error",
      from: {
        path: "^(components|stacks|policies/rules|infra|cli)/",
        pathNot: "^components/promql/tree[.]ts$",
      },
      to: { path: "node_modules/@prometheus-io/lezer-promql" },
    },
    only("signals-import-core", { path: "^components/signals/" }, ["^components/(core|promql|signals)/"]),
    only("lint-imports-signals", { path: "^components/lint/" }, ["^components/(core|promql|signals|lint)/"]),
    only("slo-imports-signals", { path: "^components/slo/" }, ["^components/(core|promql|signals|slo)/"]),
    only("alerts-import-signals", { path: "^components/alerts/", pathNot: CREATES }, [
      "^components/(core|promql|signals|alerts)/",
      "model[.]ts$",
    ]),
    // Other formats are translated to and from definitions of services: data to data, so that the command line and a team's own
    // program can do it without an SDK.
    only("exchange-imports-models", { path: "^components/exchange/" }, [
      "^components/(core|promql|signals|slo|exchange)/",
      "^components/[^/]+/model[.]ts$",
    ]),
    {
      name: "models-import-no-render",
      severity: "error",
      from: { path: "^components/.*model[.]ts$" },
      to: { path: "^components/.*(render|component)[.]ts$" },
    },
    {
      name: "only-components-import-components",
      severity: "error",
      from: {
        path: "^components/",
        pathNot: [CREATES, "^components/(index|parts)[.]ts$", "^components/(aws|cluster|network)/"],
      },
      to: { path: CREATES },
    },
    only("components-import-components", { path: "^components/" }, ["^components/"]),
    pure("pure-slices-load-no-pulumi", { path: "^components/(core|promql|signals|slo|lint|exchange)/" }),
    pure("definitions-load-no-pulumi", { path: "^components/definitions[.]ts$" }),
    pure("models-and-renders-load-no-pulumi", { path: "^components/.*(model|render)[.]ts$" }),

    only("stacks-are-data", { path: "^stacks/" }, [
      "^stacks/",
      "^components/core/",
      "^components/[^/]+/(model|cidr)[.]ts$",
    ]),
    pure("stacks-load-no-pulumi", { path: "^stacks/" }),

    only("policy-rules-import-models", { path: "^policies/rules/" }, [
      "^policies/rules/",
      "^components/core/",
      "^components/promql/",
      "^components/signals/",
      // The linter of rules is as pure as they are, and a policy that held rules to less than the tests do would be a second truth.
      "^components/lint/",
      // So is the linter of dashboards, with the types of their JSON and the width of their grid.
      "^components/grafana/(lint/|json[.]ts$|layout[.]ts$)",
      "^components/[^/]+/(model|eks-versions|token-rotation)[.]ts$",
    ]),
    pure("policy-rules-load-no-pulumi", { path: "^policies/rules/" }),
    only("packs-import-rules", { path: "^policies/packs/" }, [
      "^policies/",
      "^components/grafana/lint/exclusions[.]ts$",
    ]),

    only("infra-imports-components-and-stacks", { path: "^infra/" }, ["^(infra|components|stacks)/"]),
    // The release is checked against the version that the code states, and nothing else of the code.
    only("packaging-imports-definitions", { path: "^packaging/" }, [
      "^packaging/",
      "^components/definitions[.]ts$",
    ]),
    only("cli-imports-all-but-test", { path: "^cli/" }, ["^(cli|infra|components|stacks|policies)/"]),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
