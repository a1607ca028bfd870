import { unwrapped } from "../../../cli/recording/wire.ts";
import { autoName, boolean, type Calls, call, type Inputs, MADE, pairs, pascal } from "./call-inputs.ts";

const acm = call("acm");
const elb = call("elbv2");
const route53 = call("route53");

/** Attributes of a load balancer or of a target group, which the API takes as text by name, and the provider as fields. */
function attributes(values: Readonly<Record<string, unknown>>): Inputs {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([Key, value]) => ({ Key, Value: String(value) }));
}

function actions(list: Inputs[]): Inputs[] {
  return list.map(({ type, order, targetGroupArn, fixedResponse, authenticateOidc, ...rest }) => ({
    ...pascal(rest),
    Type: type,
    ...(order === undefined ? {} : { Order: order }),
    ...(targetGroupArn === undefined ? {} : { TargetGroupArn: targetGroupArn }),
    ...(fixedResponse === undefined ? {} : { FixedResponseConfig: pascal(fixedResponse) }),
    ...(authenticateOidc === undefined
      ? {}
      : {
          AuthenticateOidcConfig: pascal({
            ...authenticateOidc,
            clientSecret: unwrapped(authenticateOidc.clientSecret),
          }),
        }),
  }));
}

/** The calls that make a load balancer, its certificate and its names. */
export const INGRESS: Readonly<Record<string, Calls>> = {
  "aws:lb/loadBalancer:LoadBalancer": (
    { internal, loadBalancerType, tags, name: given, dropInvalidHeaderFields, idleTimeout, ...rest },
    name,
  ) => [
    elb("CreateLoadBalancer", {
      ...pascal(rest),
      Name: autoName(given, name),
      Scheme: internal ? "internal" : "internet-facing",
      Type: loadBalancerType,
      Tags: pairs(tags),
    }),
    elb("ModifyLoadBalancerAttributes", {
      LoadBalancerArn: MADE,
      Attributes: attributes({
        "routing.http.drop_invalid_header_fields.enabled": boolean(dropInvalidHeaderFields),
        "idle_timeout.timeout_seconds": idleTimeout,
      }),
    }),
  ],
  "aws:lb/targetGroup:TargetGroup": (
    { tags, name: given, deregistrationDelay, healthCheck, ...rest },
    name,
  ) => {
    const { path, matcher, interval, timeout, ...other } = healthCheck;
    return [
      elb("CreateTargetGroup", {
        ...pascal(rest),
        ...pascal(other),
        Name: autoName(given, name),
        HealthCheckPath: path,
        HealthCheckIntervalSeconds: interval,
        HealthCheckTimeoutSeconds: timeout,
        Matcher: { HttpCode: matcher },
        Tags: pairs(tags),
      }),
      elb("ModifyTargetGroupAttributes", {
        TargetGroupArn: MADE,
        Attributes: attributes({ "deregistration_delay.timeout_seconds": deregistrationDelay }),
      }),
    ];
  },
  "aws:lb/listener:Listener": ({ certificateArn, defaultActions, tags, ...rest }) => [
    elb("CreateListener", {
      ...pascal(rest),
      Certificates: [{ CertificateArn: certificateArn }],
      DefaultActions: actions(defaultActions),
      Tags: pairs(tags),
    }),
  ],
  "aws:lb/listenerRule:ListenerRule": ({ conditions, actions: list, tags, ...rest }) => [
    elb("CreateRule", {
      ...pascal(rest),
      Actions: actions(list),
      Conditions: conditions.map(({ hostHeader, sourceIp, ...other }: Inputs) => ({
        ...pascal(other),
        ...(hostHeader === undefined
          ? { Field: "source-ip", SourceIpConfig: pascal(sourceIp) }
          : { Field: "host-header", HostHeaderConfig: pascal(hostHeader) }),
      })),
      Tags: pairs(tags),
    }),
  ],
  "aws:acm/certificate:Certificate": ({ tags, ...rest }) => [
    acm("RequestCertificate", { ...pascal(rest), Tags: pairs(tags) }),
  ],
  // Waits until ACM has found the record.
  "aws:acm/certificateValidation:CertificateValidation": ({
    certificateArn,
    validationRecordFqdns: _,
    ...rest
  }) => [acm("DescribeCertificate", { ...pascal(rest), CertificateArn: certificateArn })],
  "aws:route53/record:Record": ({ zoneId, name, type, records, ttl, aliases, ...rest }) => [
    route53("ChangeResourceRecordSets", {
      HostedZoneId: zoneId,
      ChangeBatch: {
        Changes: [
          {
            Action: "CREATE",
            ResourceRecordSet: {
              ...pascal(rest),
              Name: name,
              Type: type,
              ...(ttl === undefined ? {} : { TTL: ttl }),
              ...(records === undefined
                ? {}
                : { ResourceRecords: records.map((Value: unknown) => ({ Value })) }),
              ...(aliases === undefined
                ? {}
                : {
                    AliasTarget: {
                      HostedZoneId: aliases[0].zoneId,
                      DNSName: aliases[0].name,
                      EvaluateTargetHealth: aliases[0].evaluateTargetHealth,
                    },
                  }),
            },
          },
        ],
      },
    }),
  ],
};
