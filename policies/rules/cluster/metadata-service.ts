import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const metadataService: ResourcePolicy = {
  id: "metadata-service",
  area: "cluster",
  scope: "resource",
  title: "Nodes answer metadata requests with a token only, and pods cannot ask.",
  why: "Through an open metadata service any pod takes on the role of its node.",
  fix: "set metadataOptions to httpTokens required and httpPutResponseHopLimit 1; pods get roles through Pod Identity",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.launchTemplate],
  check: ({ properties }) => {
    const options = properties.at("metadataOptions");
    return [
      ...judge(() =>
        options.at("httpTokens").is("required") ? undefined : "the metadata service answers without a token",
      ),
      ...judge(() =>
        options.at("httpPutResponseHopLimit").is(1)
          ? undefined
          : "the metadata service answers pods, because its hop limit is not 1",
      ),
    ];
  },
};
