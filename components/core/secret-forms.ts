// How a secret looks, by its name and by its form. What is found is never shown.

/** A name that says secret: of an environment variable, or of a key in a ConfigMap. */
const SECRET_NAME =
  /(?:^|[_.-])(?:password|passwd|passphrase|secret|token|credentials?|(?:api|access|private|routing|service|integration|encryption|signing)[_.-]?key)$/i;

/** Values that a name such as `TOKEN` has where the secret is elsewhere: a path, a reference, a switch, a number, a URL. */
const NO_SECRET = [
  /^\s*$/,
  /^(?:file:\/\/)?\.{0,2}\/[^\s]*$/,
  /^\$|^<.*>$|\$\(|\$\{|\{\{|^\$__/,
  /^(?:true|false|yes|no|on|off|none|null|required|optional|enabled|disabled|default|auto)$/i,
  /^\d{1,6}(?:\.\d+)?(?:ms|s|m|h|d)?$/,
  /^https?:\/\/[^\s@?]+$/i,
  // The name of a Secret, of one of its keys, or of a parameter elsewhere.
  /^(?:arn:|vault:|ref\+|secretref:|projects\/)/i,
];

/** Forms that a secret has and that nothing else does. */
const FORMS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bxox[abeoprs]-[0-9A-Za-z-]{10,}/,
  /https:\/\/hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Z]\w+\/\w+\/\w+/,
  /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}/,
  /https:\/\/[\w.-]*webhook\.office\.com\/webhookb2\/[\w@-]{20,}/,
  /https:\/\/[\w.-]*\.logic\.azure\.com[\w:/.-]*\?\S*\bsig=/,
  /https:\/\/hc-ping\.com\/[0-9a-f]{8}-[0-9a-f]{4}-/,
  /https:\/\/events(?:\.eu)?\.pagerduty\.com\/integration\/[0-9a-zA-Z]{32}\b/,
  /\bgl(?:sa|c)_[A-Za-z0-9_]{20,}/,
  /\bglpat-[\w-]{20,}/,
  /\bgh[opsu]_[A-Za-z0-9]{30,}|\bghr_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  /\bsk_live_[A-Za-z0-9]{20,}|\bSG\.[\w-]{20,}\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{30,}|\bAIza[\w-]{35}\b/,
  /\b\d{8,10}:AA[\w-]{32,}/,
  // A password before the host of a URL, or a key in its query.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:(?![$<{%])[^\s/@"']{3,}@[\w[]/i,
  /[?&](?:token|access_token|auth_token|api_?key|key|secret|password|passwd|sig|signature|client_secret)=(?![$<{%])[^&\s"'#]{8,}/i,
  /\b(?:authorization|x-api-key)["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+(?![$<{])[\w.~+/=-]{12,}/i,
  // A password in a configuration file, on a line of its own or within a map, that is neither a reference nor a file's name.
  /(?:^|[{,])\s*(?:-\s+)?["']?[\w.-]*(?:password|passwd|_token|secret_key|secret_access_key|api_key|routing_key|service_key|integration_key|client_secret|auth_key)["']?\s*[:=]\s*["']?(?!\s|["']|\$|<|\{|\/|%|null\b|true\b|false\b|none\b|required\b|optional\b)[^\s"'{}]{6,}/im,
];

/** Whether a text holds something in the form of a secret. */
export function holdsSecret(text: string): boolean {
  return FORMS.some((form) => form.test(text));
}

/** A text with `hidden` in place of what has the form of a secret, to the end of the word, and of a private key to its end. */
export function withoutForms(text: string, hidden: string): string {
  if (!holdsSecret(text)) return text;
  return WHOLE.reduce((rest, form) => rest.replace(form, () => hidden), text);
}

/** Each form with what follows it: some say only how a secret begins. */
const WHOLE = FORMS.map(({ source, flags }) => {
  const end = source.includes("PRIVATE KEY")
    ? String.raw`[\s\S]*?(?:-----END [A-Z ]*-----|$)`
    : String.raw`[^\s"'<>]*`;
  return new RegExp(`(?:${source})${end}`, `g${flags}`);
});

/** Whether a name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Whether a value under a name that says secret can be one: a single word that is no path, reference, switch or number. */
export function isPlainWord(text: string): boolean {
  const trimmed = text.trim();
  return !/\s/.test(trimmed) && !NO_SECRET.some((form) => form.test(trimmed));
}
