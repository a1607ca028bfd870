import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type AlbSettings, hostOf, type Served } from "./model.ts";

/** The ARN of the certificate of every name, known once it can be used. */
export function createCertificate(
  name: string,
  { settings, tags }: { readonly settings: AlbSettings; readonly tags: Readonly<Record<string, string>> },
  opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  const { certificate, domain } = settings;
  if (certificate.kind === "existing") return certificate.arn;
  const requested = new aws.acm.Certificate(
    name,
    { domainName: `*.${domain}`, validationMethod: "DNS", tags },
    opts,
  );
  // One name, one record. ACM renews the certificate for as long as the record is there.
  const proof = requested.domainValidationOptions.apply((options) => options?.[0]);
  const of = (field: "resourceRecordName" | "resourceRecordType" | "resourceRecordValue") =>
    proof.apply((option) => option?.[field] ?? "");
  const record = new aws.route53.Record(
    `${name}-certificate`,
    {
      zoneId: certificate.hostedZone,
      name: of("resourceRecordName"),
      type: of("resourceRecordType"),
      records: [of("resourceRecordValue")],
      ttl: 300,
    },
    opts,
  );
  const validated = new aws.acm.CertificateValidation(
    name,
    { certificateArn: requested.arn, validationRecordFqdns: [record.fqdn] },
    opts,
  );
  return validated.certificateArn;
}

/** The names, in the hosted zone that the settings name. */
export function createAddresses(
  name: string,
  {
    settings,
    served,
    balancer,
  }: {
    readonly settings: AlbSettings;
    readonly served: readonly Served[];
    readonly balancer: aws.lb.LoadBalancer;
  },
  opts: pulumi.CustomResourceOptions,
): void {
  const { hostedZone } = settings;
  if (hostedZone === undefined) return;
  for (const one of served)
    new aws.route53.Record(
      `${name}-${one}`,
      {
        zoneId: hostedZone,
        name: hostOf(settings, one),
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }],
      },
      opts,
    );
}
