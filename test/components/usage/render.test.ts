import { ValidatingAdmissionPolicy } from "kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
import { ValidatingAdmissionPolicyBinding } from "kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding";
import { describe, expect, it } from "vitest";
import { defineService } from "../../../components/service/model.ts";
import { renderService } from "../../../components/service/render.ts";
import { PROGRAM_LABEL, programOf } from "../../../components/usage/model.ts";
import { renderDeletionGuard } from "../../../components/usage/render.ts";
import { DEFINITION } from "../service/samples.ts";

/** What Kubernetes accepts as a label's value. */
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

describe("the label of a team's program", () => {
  it.each([
    ["shop", "prod", "shop.prod"],
    ["shop", "acme/shop/prod", "shop.acme-shop-prod"],
    ["_shop", "prod_", "shop.prod"],
    ["a".repeat(100), "prod", "a".repeat(63)],
    [`${"a".repeat(62)}`, "prod", "a".repeat(62)],
  ])("is valid for the project %s and the stack %s", (project, stack, value) => {
    expect(programOf(project, stack)).toBe(value);
    expect(programOf(project, stack)).toMatch(LABEL_VALUE);
  });

  it("is on every object of a service of a team's program, and on none of the platform's own", () => {
    const args = {
      service: defineService({ ...DEFINITION, probe: { targets: ["https://shop.example.com"] } }),
      environment: "prod",
      runbookBaseUrl: "https://runbooks.example.com",
      scrapeInterval: "30s" as const,
      namespace: "monitoring",
    };
    const labelsOf = (objects: ReturnType<typeof renderService>) =>
      Object.values(objects).map(({ metadata }) => metadata?.labels?.[PROGRAM_LABEL]);
    expect(labelsOf(renderService({ ...args, program: "shop.prod" }))).toEqual(Array(3).fill("shop.prod"));
    expect(labelsOf(renderService(args))).toEqual(Array(3).fill(undefined));
  });
});

describe("the deletion guard", () => {
  const { policy, binding, guard } = renderDeletionGuard("monitoring");

  it("is made of objects that Kubernetes has", () => {
    new ValidatingAdmissionPolicy(policy).validate();
    new ValidatingAdmissionPolicyBinding(binding).validate();
    expect(binding.spec.policyName).toBe(policy.metadata.name);
  });

  it("is about the deletion of itself and of the namespace, and of nothing else", () => {
    const rules = policy.spec.matchConstraints.resourceRules;
    expect(rules.map(({ operations }) => operations)).toEqual([["DELETE"], ["DELETE"]]);
    expect(rules.map(({ resources, resourceNames }) => [...resources, ...resourceNames])).toEqual([
      ["configmaps", guard.metadata.name],
      ["namespaces", "monitoring"],
    ]);
  });

  it("asks for the label that the programs of teams set", () => {
    const [expression] = binding.spec.paramRef.selector.matchExpressions;
    expect(expression).toEqual({ key: PROGRAM_LABEL, operator: "Exists" });
    expect(policy.spec.validations[0]?.messageExpression).toContain(PROGRAM_LABEL);
  });
});
