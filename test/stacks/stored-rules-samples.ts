type Tree = Record<string, unknown>;

const ACCOUNT = "eu-central-1:111122223333";

/** An environment whose long-term storage evaluates the rules. */
export function samplesEvaluated(prod: Tree): Record<string, Tree> {
  const alertmanager = prod["alertmanager"] as Tree;
  const pager = (name: string) => ({
    type: "pagerduty",
    routingKeySecret: `${name}PagerdutyKey`,
    routingKeyArn: `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}-pager-AbCdEf`,
  });
  const topic = (name: string) => ({ type: "sns", topicArn: `arn:aws:sns:${ACCOUNT}:${name}` });
  return {
    evaluated: {
      ...prod,
      name: "evaluated",
      prometheus: { ...(prod["prometheus"] as Tree), store: { kind: "amp", series: "all" }, rules: "store" },
      grafana: {
        kind: "amazon-managed",
        signIn: { kind: "identity-center", administrators: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e"] },
      },
      alertmanager: {
        ...alertmanager,
        receivers: {
          "platform-pager": pager("platform"),
          "shop-pager": pager("shop"),
          "platform-chat": pager("platform"),
          "shop-chat": topic("shop-alerts"),
          "safety-net": topic("safety-net"),
          "dead-mans-switch": {
            type: "aws-heartbeat",
            region: "eu-west-1",
            pagerUrlSecret: "heartbeatPagerUrl",
          },
        },
      },
    },
  };
}
