import fc from "fast-check";
import { stringify } from "yaml";
import type { EnvironmentModel } from "../../../cli/review/model.ts";
import { alert, resource } from "./sample-model.ts";

// Where secrets stand and what they look like, for secrets.test.ts. The fields of Alertmanager are those of type Secret and SecretURL in
// the sources of Alertmanager 0.35.0 and prometheus/common 0.72.1.

// A core that is nowhere else, in each form that a secret has.
export const core = fc.stringMatching(/^[A-Z][a-z0-9]{3}[A-Za-z0-9]{20}$/);
type Form = (core: string) => string;
export const FORMS: readonly Form[] = [
  (word) => `https://hooks.slack.com/services/T0${word.slice(0, 8)}/B0${word.slice(8, 14)}/${word}`,
  (word) => `https://events.pagerduty.com/integration/${(word + word).slice(0, 32)}/enqueue`,
  (word) => `https://reader:${word}@prometheus.example.com/api`,
  (word) => `https://prometheus.example.com/write?tenant=a&token=${word}`,
  (word) => `glsa_${word}_0a1b2c3d`,
  (word) => `ghp_${word}${word.slice(0, 12)}`,
  (word) => `xoxb-${word}`,
  (word) => `eyJ${word.slice(0, 12)}.eyJ${word.slice(12)}.${word}`,
  (word) => `Authorization: Bearer ${word}`,
  (word) => `[client]\nuser = reader\npassword = ${word}\n`,
  (word) => `-----BEGIN RSA PRIVATE KEY-----\n${word}\n${word}\n-----END RSA PRIVATE KEY-----`,
];

export type Place = (secret: string) => Partial<EnvironmentModel>;

const secretOf = (inputs: Readonly<Record<string, unknown>>): Partial<EnvironmentModel> => ({
  resources: [resource("kubernetes:core/v1:Secret", "credentials", { inputs })],
});
const receiver = (list: string, fields: Readonly<Record<string, unknown>>): Partial<EnvironmentModel> => ({
  alertmanager: { route: { receiver: "a" }, receivers: [{ name: "a", [list]: [fields] }] },
});
const container = (fields: Readonly<Record<string, unknown>>): Partial<EnvironmentModel> => ({
  resources: [
    resource("kubernetes:apps/v1:Deployment", "exporter", {
      inputs: { spec: { template: { spec: { containers: [{ name: "exporter", ...fields }] } } } },
    }),
  ],
});

/** Where the place alone says that a value is a secret, whatever it looks like. */
export const NAMED: Readonly<Record<string, Place>> = {
  "a Secret's text": (secret) => secretOf({ stringData: { key: secret } }),
  "a Secret in Base64": (secret) => secretOf({ data: { key: Buffer.from(secret).toString("base64") } }),
  "a Secret with Alertmanager's configuration": (secret) =>
    secretOf({
      stringData: {
        "alertmanager.yaml": stringify(receiver("pagerduty_configs", { routing_key: secret }).alertmanager),
      },
    }),
  "a Secret whose value is also a label": (secret) => ({
    resources: [
      ...(secretOf({ stringData: { key: secret } }).resources ?? []),
      resource("kubernetes:core/v1:ConfigMap", "copy", {
        inputs: { metadata: { annotations: { was: `it is ${secret}!` } } },
      }),
    ],
  }),
  "a secret of Pulumi": (secret) => ({
    resources: [
      resource("aws:ssm/parameter:Parameter", "p", {
        inputs: {
          value: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: secret },
        },
      }),
    ],
    outputs: {
      key: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(secret),
      },
    },
  }),
  "an environment variable": (secret) => container({ env: [{ name: "ADMIN_PASSWORD", value: secret }] }),
  "a password of AWS": (secret) => ({
    resources: [
      resource("aws:rds/instance:Instance", "db", { inputs: { masterPassword: secret, authToken: secret } }),
    ],
  }),
  "a client secret in a data source": (secret) => ({
    resources: [
      resource("grafana:oss/dataSource:DataSource", "d", {
        inputs: { secureJsonDataEncoded: JSON.stringify({ clientSecret: secret, apiKey: secret }) },
      }),
    ],
  }),
  "a key in a dashboard's JSON": (secret) => ({
    dashboards: { d: { title: "D", panels: [{ title: "P", options: { apiKey: secret } }] } },
  }),
  "the webhook of Mattermost": (secret) => receiver("mattermost_configs", { webhook_url: secret }),
  "the webhook of a receiver": (secret) => receiver("webhook_configs", { url: secret }),
  "a header": (secret) =>
    receiver("webhook_configs", { http_config: { http_headers: { "X-Key": { secrets: [secret] } } } }),
  "a basic password": (secret) =>
    receiver("webhook_configs", { http_config: { basic_auth: { username: "u", password: secret } } }),
  "a bearer token": (secret) =>
    receiver("webhook_configs", { http_config: { authorization: { credentials: secret } } }),
  OAuth: (secret) =>
    receiver("webhook_configs", { http_config: { oauth2: { client_id: "u", client_secret: secret } } }),
  "a key of PagerDuty": (secret) => receiver("pagerduty_configs", { service_key: secret }),
  "a key of Opsgenie": (secret) => receiver("opsgenie_configs", { api_key: secret }),
  "a token of Telegram": (secret) => receiver("telegram_configs", { bot_token: secret }),
  "a user of Pushover": (secret) => receiver("pushover_configs", { user_key: secret, token: secret }),
  "a password of SMTP": (secret) => receiver("email_configs", { auth_password: secret, auth_secret: secret }),
  "the address of Slack for all": (secret) => ({
    alertmanager: {
      global: { slack_api_url: secret, smtp_auth_password: secret, rocketchat_token_id: secret },
      route: {},
    },
  }),
};

/** Where only the form says it. */
export const ANYWHERE: Readonly<Record<string, Place>> = {
  "a setting": (secret) => ({ settings: { "grafana.url": secret, "cluster.endpoint.proxy": secret } }),
  "a new setting's name": (secret) => ({ settings: { [`cluster.tags.${secret}`]: "1" } }),
  "a service's probe": (secret) => ({
    services: { shop: { name: "shop", "probe.targets": `${secret}, https://b.example.com` } },
  }),
  "an output": (secret) => ({ outputs: { prometheusUrl: secret } }),
  "an alert": (secret) => ({
    alerts: [
      alert({
        description: `See ${secret} for more`,
        runbookUrl: secret,
        expr: `up{instance="${secret}"} == 0`,
      }),
    ],
  }),
  "a label of a new alert": (secret) => ({ alerts: [alert(), alert({ name: "Other", team: secret })] }),
  "a policy's message": (secret) => ({
    policies: [
      {
        pack: "p",
        policy: "q",
        level: "mandatory",
        severity: null,
        urn: null,
        message: `It has ${secret}.\nFix: remove ${secret}.`,
      },
    ],
  }),
  "a panel": (secret) => ({
    dashboards: {
      d: {
        title: "D",
        panels: [{ title: "P", description: secret, targets: [{ expr: `up{a="${secret}"}` }] }],
      },
    },
  }),
  "a file of a ConfigMap": (secret) => ({
    resources: [
      resource("kubernetes:core/v1:ConfigMap", "c", {
        inputs: { data: { "config.ini": `a=1\n${secret}\nb=2` } },
      }),
    ],
  }),
  "an argument": (secret) => container({ args: [`--remote=${secret}`] }),
  "a receiver's name": (secret) => ({ alerts: [alert({ receivers: [{ name: "chat", kind: secret }] })] }),
};

/** Places in which a text has no space. */
export const ONE_WORD: ReadonlySet<string> = new Set([
  "a new setting's name",
  "an alert",
  "a panel",
  "a label of a new alert",
]);
