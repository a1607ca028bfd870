const { PolicyPack } = require("@pulumi/policy");

const BUCKET = "aws:s3/bucket:Bucket";

new PolicyPack("sample", {
  policies: [
    {
      name: "bucket-owner",
      description: "A bucket has an owner.",
      enforcementLevel: "mandatory",
      configSchema: { properties: { tag: { type: "string", default: "owner" } } },
      validateResource(resource, report) {
        if (resource.type !== BUCKET) return;
        const { tag } = resource.getConfig();
        const owner = resource.props.tags?.[tag];
        if (owner === undefined) report(`no tag ${tag}`);
        else if (typeof owner !== "string") report(`the tag ${tag} is no text`);
      },
    },
    {
      name: "few-buckets",
      description: "A stack has few buckets, and says in which order they are made.",
      enforcementLevel: "advisory",
      validateStack({ resources }, report) {
        const buckets = resources.filter(({ type }) => type === BUCKET);
        if (buckets.length > 1) report(`${buckets.length} buckets: ${process.env.SAMPLE_HINT}`);
        for (const { urn, dependencies, propertyDependencies, parent, opts } of buckets)
          if (dependencies.length > 0)
            report(
              [dependencies, propertyDependencies.policy ?? [], parent === undefined ? [] : [parent]]
                .map((list) => list.map(({ name }) => name).join("+"))
                .join(" | ") + (opts.protect ? " | protected" : ""),
              urn,
            );
      },
    },
  ],
});
