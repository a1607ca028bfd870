import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";

export const registryImages: ResourcePolicy = {
  id: "registry-images",
  area: "stack",
  pack: "security",
  standards: ["FSBP ECR.1", "FSBP ECR.2", "CIS EKS 5.1.1", "NIST RA-5"],
  scope: "resource",
  title: "ECR repositories scan each image, and no tag in them is moved.",
  why: "A known vulnerability of an image is found when it is pushed, and a tag always means the same image.",
  fix: "set imageScanningConfiguration.scanOnPush to true and imageTagMutability to IMMUTABLE",
  severity: "medium",
  levels: ALWAYS,
  types: ["aws:ecr/repository:Repository"],
  check: ({ properties }) => [
    ...judge(() =>
      properties.at("imageScanningConfiguration", "scanOnPush").is(true)
        ? undefined
        : "images are not scanned when they are pushed",
    ),
    ...judge(() =>
      /^IMMUTABLE/.test(properties.at("imageTagMutability").text() ?? "")
        ? undefined
        : "tags can be moved to another image",
    ),
  ],
};
