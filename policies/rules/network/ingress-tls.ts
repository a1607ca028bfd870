import { type ResourcePolicy, SHARED } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

const ALB = "alb.ingress.kubernetes.io";

export const ingressTls: ResourcePolicy = {
  id: "ingress-tls",
  area: "network",
  pack: "security",
  standards: ["CIS EKS 5.4.5", "NIST SC-8"],
  scope: "resource",
  title: "Every Ingress has a certificate.",
  why: "Without TLS passwords and session cookies can be read and changed on the way.",
  fix: "set spec.tls with the hosts and the Secret of the certificate, or alb.ingress.kubernetes.io/certificate-arn",
  severity: "medium",
  levels: SHARED,
  types: [TYPES.ingress],
  check: ({ properties }) =>
    judge(() => {
      const annotation = (name: string) => properties.at("metadata", "annotations", name);
      const hasTls =
        properties.at("spec", "tls").items().length > 0 ||
        annotation(`${ALB}/certificate-arn`).exists ||
        // The controller finds the certificate by the host.
        /HTTPS/.test(annotation(`${ALB}/listen-ports`).text() ?? "");
      return hasTls ? undefined : "the Ingress has no certificate";
    }),
};
