import type {
  AnalyzeRequest,
  AnalyzeResponse,
  AnalyzerInfo,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { RecordedResource, Recording } from "../recording/monitor.ts";
import { byKey, type Diagnostic, type Judged, type Judgement, settingsOf } from "./judgement.ts";
import { analyzerMessages, empty, type Messages, type Struct, struct } from "./protocol.ts";
import { type PackServer, PackServerError } from "./server.ts";

/** How long an answer may take before it counts as none: on a busy machine, each resource takes the pack some 10 ms of its own. */
const SECONDS_TO_ANSWER = 120;
const SECONDS_FOR_A_RESOURCE = 0.2;

/**
 * Asks a pack about a stack as the engine does: configuration, every resource, then all of them together. The pack holds
 * one configuration at a time, so stacks are judged one after the other. Unlike the engine, which leaves the policies over the
 * whole stack out after a mandatory violation, this always asks them, so that nothing stays hidden behind the first finding.
 */
export async function judge(server: PackServer, judged: Judged): Promise<Judgement> {
  const asked = await configure(server, judged);
  const { client } = server;
  const { requests, whole, urns } = messagesOf(judged.recording);
  const seconds = SECONDS_TO_ANSWER + requests.length * SECONDS_FOR_A_RESOURCE;
  const ofEach = await Promise.all(
    requests.map((request) =>
      answer("Analyze", (done: Done<AnalyzeResponse>) => client.analyze(request, done), seconds),
    ),
  );
  const ofAll = await answer<AnalyzeResponse>(
    "AnalyzeStack",
    (done) => client.analyzeStack(whole, done),
    seconds,
  );
  const diagnostics = [...ofEach, ofAll]
    .flatMap((response, index) => diagnosticsOf(response, urns[index]))
    .sort(byKey);
  return { asked, diagnostics };
}

/** Sets the levels and properties of every policy; resolves to the number of those that are not disabled. */
async function configure({ client }: PackServer, { project, stack, config }: Judged): Promise<number> {
  const messages = analyzerMessages();
  const { DISABLED } = messages.EnforcementLevel;
  const info = await answer("GetAnalyzerInfo", (done: Done<AnalyzerInfo>) =>
    client.getAnalyzerInfo(empty(), done),
  );
  const configuration = new messages.ConfigureAnalyzerRequest();
  let asked = 0;
  for (const policy of info.getPoliciesList()) {
    const { level, properties } = settingsOf(config, policy.getName());
    const enforced =
      level === undefined ? policy.getEnforcementlevel() : messages.EnforcementLevel[LEVEL_NAMES[level]];
    const defaults = defaultsOf(policy.getConfigschema()?.getProperties()?.toJavaScript());
    const message = new messages.PolicyConfig();
    message.setEnforcementlevel(enforced);
    message.setProperties(struct({ ...defaults, ...properties }));
    configuration.getPolicyconfigMap().set(policy.getName(), message);
    if (enforced !== DISABLED) asked++;
  }
  await answer("Configure", (done) => client.configure(configuration, done));

  const stackMessage = new messages.AnalyzerStackConfigureRequest();
  stackMessage.setProject(project).setStack(stack).setOrganization("organization").setDryRun(true);
  await answer("ConfigureStack", (done) => client.configureStack(stackMessage, done));
  return asked;
}

/**
 * Every resource goes twice, alone and among all, and only alone with its properties. There are no outputs yet, as in the first preview
 * of a cluster, where the engine hands out none; then the pack judges the stack by the inputs that it was shown before. To send them
 * again would double what a preview spends on messages.
 */
function messagesOf({ resources }: Recording): {
  readonly requests: readonly AnalyzeRequest[];
  readonly whole: AnalyzeStackRequest;
  readonly urns: readonly string[];
} {
  const messages = analyzerMessages();
  const described = new Map(
    resources.map((resource) => [resource.urn, { ...resource, properties: struct(resource.inputs) }]),
  );
  const all = [...described.values()];
  const none = struct({});
  const requests = all.map((resource) => {
    const request = new messages.AnalyzeRequest();
    describe(request, resource, described, messages);
    return request;
  });
  const whole = new messages.AnalyzeStackRequest();
  whole.setResourcesList(
    all.map((resource) => {
      const message = new messages.AnalyzerResource();
      describe(message, { ...resource, properties: none }, described, messages);
      message.setParent(resource.parent ?? "").setDependenciesList([...resource.dependsOn]);
      for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const dependencies = new messages.AnalyzerPropertyDependencies();
        dependencies.setUrnsList([...urns]);
        message.getPropertydependenciesMap().set(property, dependencies);
      }
      return message;
    }),
  );
  return { requests, whole, urns: [...described.keys()] };
}

type Done<Response> = (error: Error | null, response: Response) => void;

function answer<Response>(
  call: string,
  send: (done: Done<Response>) => unknown,
  seconds = SECONDS_TO_ANSWER,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    // One timer for the whole time would run out while this process is busy, and before an answer that is there is read.
    let left = seconds;
    const timer = setInterval(() => {
      if (--left > 0) return;
      clearInterval(timer);
      reject(new PackServerError(`the policy pack did not answer ${call} within ${seconds} s`));
    }, 1000);
    send((error, response) => {
      clearInterval(timer);
      if (error) reject(new PackServerError(`the policy pack failed at ${call}: ${error.message}`));
      else resolve(response);
    });
  });
}

// Nothing is set here: what is left out is reported, as mandatory.
const LEVEL_NAMES = {
  remediate: "REMEDIATE",
  mandatory: "MANDATORY",
  advisory: "ADVISORY",
  disabled: "DISABLED",
} as const;

/** The engine fills in the defaults of a policy's config. There is no engine here. */
function defaultsOf(schema: unknown): Record<string, unknown> {
  if (schema === null || typeof schema !== "object") return {};
  return Object.fromEntries(
    Object.entries(schema as Record<string, { default?: unknown }>).flatMap(([key, property]) =>
      property?.default === undefined ? [] : [[key, property.default]],
    ),
  );
}

type DescribedResource = RecordedResource & { readonly properties: Struct };

type Described = {
  setType(value: string): unknown;
  setName(value: string): unknown;
  setUrn(value: string): unknown;
  setProperties(value: Struct): unknown;
  setOptions(value: AnalyzerResourceOptions): unknown;
  setProvider(value: InstanceType<Messages["AnalyzerProviderResource"]>): unknown;
};

function describe(
  message: Described,
  resource: DescribedResource,
  providers: ReadonlyMap<string, DescribedResource>,
  messages: Messages,
): void {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.setProperties(resource.properties);
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  options.setIgnorechangesList([...resource.ignoreChanges]);
  options.setAliasesList([...resource.aliases]);
  options.setDeletebeforereplacedefined(resource.deleteBeforeReplace !== undefined);
  options.setDeletebeforereplace(resource.deleteBeforeReplace ?? false);
  options.setParent(resource.parent ?? "");
  message.setOptions(options);
  const provider = resource.provider === undefined ? undefined : providers.get(resource.provider);
  if (provider === undefined) return;
  const providerMessage = new messages.AnalyzerProviderResource();
  providerMessage.setType(provider.type);
  providerMessage.setName(provider.name);
  providerMessage.setUrn(provider.urn);
  providerMessage.setProperties(provider.properties);
  message.setProvider(providerMessage);
}

function diagnosticsOf(response: AnalyzeResponse, urn: string | undefined): Diagnostic[] {
  const messages = analyzerMessages();
  const levels = messages.EnforcementLevel;
  const severities = messages.PolicySeverity;
  const severityNames = new Map<number, Diagnostic["severity"]>([
    [severities.POLICY_SEVERITY_LOW, "low"],
    [severities.POLICY_SEVERITY_MEDIUM, "medium"],
    [severities.POLICY_SEVERITY_HIGH, "high"],
    [severities.POLICY_SEVERITY_CRITICAL, "critical"],
  ]);
  return response.getDiagnosticsList().map((diagnostic) => ({
    pack: diagnostic.getPolicypackname(),
    policy: diagnostic.getPolicyname(),
    level: diagnostic.getEnforcementlevel() === levels.MANDATORY ? "mandatory" : "advisory",
    severity: severityNames.get(diagnostic.getSeverity()),
    urn: diagnostic.getUrn() || urn,
    message: diagnostic.getMessage(),
  }));
}
