/**
 * Fields of Alertmanager's configuration that hold a credential; each has a counterpart that names a file or a reference. They are the
 * fields of type Secret, SecretURL and SecretTemplateURL in Alertmanager 0.35.0 and in prometheus/common 0.72.1 (config/http_config.go),
 * without `url` of a webhook, which may be an address that everybody may know.
 */
const CREDENTIALS: ReadonlySet<string> = new Set([
  "alert_source_token",
  "api_key",
  "api_secret",
  "api_url",
  "app_token",
  "auth_password",
  "auth_secret",
  "bearer_token",
  "bot_token",
  "client_certificate_key",
  "client_secret",
  "credentials",
  "mattermost_webhook_url",
  "opsgenie_api_key",
  "password",
  "rocketchat_token",
  "rocketchat_token_id",
  "routing_key",
  "secret_key",
  "service_key",
  "slack_api_url",
  "slack_app_token",
  "smtp_auth_password",
  "smtp_auth_secret",
  "telegram_bot_token",
  "token",
  "token_id",
  "user_key",
  "victorops_api_key",
  "webhook_url",
  "wechat_api_secret",
]);

/** Of these receivers api_url is an address that everybody may know. */
const PUBLIC_API_URL = /(?:opsgenie|victorops|wechat|telegram|webex|jira|sns|pushover|rocketchat)/;

/** Names that are something else elsewhere. */
const BELOW: Readonly<Record<string, RegExp>> = { key: /\btls_config\.key$/, secrets: /\bhttp_headers\b/ };

/** Whether a field of Alertmanager's configuration is for a credential, by its name and its path. */
export function isCredential(name: string, path: string): boolean {
  if (BELOW[name] !== undefined) return BELOW[name].test(path);
  return CREDENTIALS.has(name) && !(name === "api_url" && PUBLIC_API_URL.test(path));
}
